import { unseenLosses } from '../../core/cycle/unseenLosses.ts';
import type { LossDriftReport } from '../../core/drift/loss/assessLossDrift.ts';
import { isSameFit } from '../../core/drift/distribution/reference.ts';
import type { DriftReport } from '../../core/drift/distribution/report.ts';
import type { DriftSetting } from '../../core/drift/setting.ts';
import { judgeTogether } from '../../core/drift/distribution/together.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import { saveReference } from '../../db/tables/champions.ts';
import { appendCheck } from '../../db/tables/checks.ts';
import type { Client } from '../../db/connection/client.ts';
import { listScores } from '../../db/tables/scores.ts';
import { listLatestDriftChecks } from '../../db/tables/views.ts';
import type { LiveChampion } from './champion.ts';
import { computeCheck, type CheckFigures, type CheckInput } from '../../core/cycle/computeCheck.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { StepOutcome } from './journal.ts';

export interface CheckRequest {
  readonly runId: RunId | null;
  readonly champion: LiveChampion;
  readonly series: Series;
  readonly setting: DriftSetting;
  /** Where the figures are computed; on this thread when left out. */
  readonly pool?: { check(input: CheckInput): Promise<CheckFigures> };
}

/** Both questions of a check: has the data moved, and has the model decayed? */
export interface CheckResult {
  readonly drift: DriftReport;
  readonly loss: LossDriftReport;
}

/** Compares the latest changes with the champion's reference and its live losses with its held-out ones, and keeps both reports. */
export async function checkChampion(client: Client, request: CheckRequest): Promise<StepOutcome<CheckResult>> {
  const { runId, champion, series, setting, pool } = request;
  const { reference, model, validatedTo, promotedOn } = champion.record;
  const { symbol, trainedTo } = model;
  const { transform } = champion.network.spec;
  const met = await listScores(client, { symbol, days: series.days.length });
  const stored = met.filter(({ version }) => version === model.version);
  const unseen = unseenLosses({ model: { ...champion, knownTo: trainedTo }, series, promotedOn, stored });
  const input: CheckInput = { symbol, series, transform, unseen, validatedTo, reference, setting };
  const { drift: alone, loss, fitted } = await (pool?.check(input) ?? computeCheck(input));
  const drift = judgeTogether(alone, await listOtherPValues(client, symbol));
  const day = lastDayOf(series);
  return {
    result: { drift, loss },
    write: async (transaction) => {
      if (fitted !== null && (reference.fitted === null || !isSameFit(fitted, reference.fitted)))
        await saveReference(transaction, symbol, { to: reference.to, fitted }, champion.record.epoch);
      await appendCheck(transaction, { runId, symbol, day, ...drift, report: { ...drift, loss, setting } });
    },
    events: [
      { kind: 'drift:checked', payload: { day, drift, loss, setting }, sentence: `${drift.reason} ${loss.reason}` },
    ],
  };
}

/** Calibrated p-values of the newest checks of the other series. */
async function listOtherPValues(client: Client, symbol: SeriesSymbol): Promise<number[]> {
  const latest = await listLatestDriftChecks(client);
  return latest.flatMap((check) => (check.symbol === symbol || check.calibratedP === null ? [] : [check.calibratedP]));
}
