import { assessDrift } from '../../core/drift/assess.ts';
import { fitReference, type DriftReference } from '../../core/drift/reference.ts';
import type { DriftReport } from '../../core/drift/report.ts';
import type { DriftSetting } from '../../core/drift/setting.ts';
import { seedFrom } from '../../core/random.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import { asChanges, toChanges, type Changes, type Transform } from '../../core/series/transform.ts';
import { saveReference } from '../../db/champions.ts';
import { appendCheck } from '../../db/checks.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';

export interface CheckRequest {
  readonly runId: string | null;
  readonly champion: LiveChampion;
  readonly series: Series;
  readonly setting: DriftSetting;
}

/** Compares the latest changes with the champion's reference, and keeps the report. */
export function checkDrift({ runId, champion, series, setting }: CheckRequest): StepOutcome<DriftReport> {
  const { reference, model } = champion.record;
  const { symbol } = model;
  const { before, after } = splitAt(series, reference.to, champion.predictor.spec.transform);
  const seed = seedFrom(symbol, reference.to);
  const fitted = reference.fitted ?? fitOrNull(before, setting, seed);
  const report = assessDrift({
    reference: before,
    current: after,
    setting,
    seed,
    ...(fitted === null ? {} : { fitted }),
  });
  const day = series.days.at(-1)!;
  return {
    result: report,
    write: async (client) => {
      if (reference.fitted === null && fitted !== null)
        await saveReference(client, symbol, { to: reference.to, fitted });
      await appendCheck(client, { runId, symbol, day, ...report, report });
    },
    events: [{ kind: 'drift:checked', payload: { day, report }, sentence: report.reason }],
  };
}

/** The changes that end on or before `to`, and those after it. */
function splitAt(series: Series, to: TradingDay, transform: Transform): { before: Changes; after: Changes } {
  const changes = toChanges(series.closes, transform);
  // Change k leads to day k + 1.
  const first = series.days.findIndex((day) => day > to);
  const cut = first === -1 ? changes.length : Math.max(0, first - 1);
  return { before: asChanges(changes.subarray(0, cut)), after: asChanges(changes.subarray(cut)) };
}

/** The fit is worth keeping: it costs most of a check and stays true until the reference moves. */
function fitOrNull(before: Changes, setting: DriftSetting, seed: number): DriftReference | null {
  const reference = asChanges(before.subarray(Math.max(0, before.length - setting.referenceDays)));
  const enough = reference.length >= setting.referenceDays / 4 && reference.some((change) => change !== reference[0]);
  return enough ? fitReference(reference, setting, seed) : null;
}
