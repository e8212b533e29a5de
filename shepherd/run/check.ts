import { assessDrift } from '../../core/drift/assess.ts';
import { assessLossDrift, type LossDriftReport } from '../../core/drift/lossDrift.ts';
import { fitReference, type DriftReference } from '../../core/drift/reference.ts';
import type { DriftReport } from '../../core/drift/report.ts';
import { MINIMUM_REFERENCE, type DriftSetting } from '../../core/drift/setting.ts';
import { judgeTogether } from '../../core/drift/together.ts';
import { atHorizon, scoreRange } from '../../core/evaluate/heldOut.ts';
import { forecastLosses, naiveLosses } from '../../core/evaluate/losses.ts';
import type { DayScore } from '../../core/forecast/score.ts';
import { seedFrom } from '../../core/random.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import { asChanges, toChanges, type Changes, type Transform } from '../../core/series/transform.ts';
import { saveReference } from '../../db/champions.ts';
import { appendCheck } from '../../db/checks.ts';
import type { Client } from '../../db/client.ts';
import { listLatestDriftChecks } from '../../db/views.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';

export interface CheckRequest {
  readonly runId: string | null;
  readonly champion: LiveChampion;
  readonly series: Series;
  readonly setting: DriftSetting;
}

/** Both questions of a check: has the data moved, and has the model decayed? */
export interface CheckResult {
  readonly drift: DriftReport;
  readonly loss: LossDriftReport;
}

/** Compares the latest changes with the champion's reference and its live losses with its held-out ones, and keeps both reports. */
export async function checkChampion(client: Client, request: CheckRequest): Promise<StepOutcome<CheckResult>> {
  const { runId, champion, series, setting } = request;
  const { reference, model } = champion.record;
  const { symbol } = model;
  const { before, after } = splitAt(series, reference.to, champion.predictor.spec.transform);
  const seed = seedFrom(symbol, reference.to);
  const fitted = reference.fitted ?? fitOrNull(before, setting, seed);
  const alone = assessDrift({
    reference: before,
    current: after,
    setting,
    seed,
    ...(fitted === null ? {} : { fitted }),
  });
  const drift = judgeTogether(alone, await listOtherPValues(client, symbol));
  const loss = checkLosses(request, seed);
  const day = series.days.at(-1)!;
  return {
    result: { drift, loss },
    write: async (transaction) => {
      if (reference.fitted === null && fitted !== null)
        await saveReference(transaction, symbol, { to: reference.to, fitted });
      await appendCheck(transaction, { runId, symbol, day, ...drift, report: { ...drift, loss } });
    },
    events: [{ kind: 'drift:checked', payload: { day, drift, loss }, sentence: `${drift.reason} ${loss.reason}` }],
  };
}

/** The champion's losses since it was last judged, against those on the unseen days up to then. */
function checkLosses({ champion, series, setting }: CheckRequest, seed: number): LossDriftReport {
  const { model, validatedTo } = champion.record;
  const from = series.days.findIndex((day) => day > model.trainedTo);
  const scores =
    from === -1
      ? []
      : atHorizon(scoreRange({ ...champion, knownTo: model.trainedTo }, series, from, series.days.length).scores, 1);
  const heldOut = scores.filter((score) => score.day <= validatedTo);
  const live = scores.filter((score) => score.day > validatedTo);
  const crps = (days: readonly DayScore[]): readonly number[] => forecastLosses(days).crps;
  const naive = (days: readonly DayScore[]): readonly number[] => naiveLosses(days).crps;
  return assessLossDrift({
    live: crps(live),
    naiveLive: naive(live),
    heldOut: crps(heldOut),
    naiveHeldOut: naive(heldOut),
    setting,
    seed,
  });
}

/** Calibrated p-values of the newest checks of the other series. */
async function listOtherPValues(client: Client, symbol: string): Promise<number[]> {
  const latest = await listLatestDriftChecks(client);
  return latest.flatMap((check) => (check.symbol === symbol || check.calibratedP === null ? [] : [check.calibratedP]));
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
  const enough = reference.length >= MINIMUM_REFERENCE && reference.some((change) => change !== reference[0]);
  return enough ? fitReference(reference, setting, seed) : null;
}
