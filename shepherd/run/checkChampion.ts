import { unseenLosses } from '../../core/cycle/unseenLosses.ts';
import type { LossDriftReport } from '../../core/drift/loss/assessLossDrift.ts';
import { isSameFit } from '../../core/drift/distribution/reference.ts';
import type { DriftReport } from '../../core/drift/distribution/report.ts';
import type { DriftSetting } from '../../core/drift/setting.ts';
import type { WatchReport } from '../../core/drift/sequential/assessWatch.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import { countChampions, saveReference } from '../../db/tables/champions.ts';
import { appendCheck, type DetectorReading } from '../../db/tables/checks.ts';
import type { Client } from '../../db/connection/client.ts';
import { listScores } from '../../db/tables/scores.ts';
import type { LiveChampion } from './champion.ts';
import { computeCheck, type CheckFigures, type CheckInput } from '../../core/cycle/computeCheck.ts';
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

type DataVerdict = Pick<DriftReport, 'verdict' | 'cause'>;

/** Both questions of a check: has the data moved, and has the model decayed? */
export interface CheckResult {
  /** What either check of the data says: the verdict that is stored, told and acted on. */
  readonly data: DataVerdict;
  readonly drift: DriftReport;
  readonly watch: WatchReport;
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
  const flock = await countChampions(client);
  const input: CheckInput = { symbol, series, transform, unseen, validatedTo, reference, setting, flock };
  const { drift, watch, loss, fitted } = await (pool?.check(input) ?? computeCheck(input));
  const day = lastDayOf(series);
  const data = together(drift, watch);
  return {
    result: { data, drift, watch, loss },
    write: async (transaction) => {
      if (fitted !== null && (reference.fitted === null || !isSameFit(fitted, reference.fitted)))
        await saveReference(transaction, symbol, { to: reference.to, fitted }, champion.record.epoch);
      const report = { ...drift, watch, loss, setting, flock };
      const detectors = [...readingOf(drift), ...watch.readings];
      await appendCheck(transaction, { runId, symbol, day, ...drift, ...data, detectors, report });
    },
    events: [
      {
        kind: 'drift:checked',
        payload: { day, data, drift, watch, loss, setting, flock },
        sentence: [...watchedWords(watch), drift.reason, loss.reason].join(' '),
      },
    ],
  };
}

/** What the detectors say in words; nothing where they do not watch. */
export function watchedWords({ verdict, reason }: WatchReport): readonly string[] {
  return verdict === 'undetermined' ? [] : [reason];
}

/** The verdict on the data: what either of its checks says; the detectors name the cause first, as they say which side moved. */
function together(drift: DriftReport, watch: WatchReport): DataVerdict {
  if (watch.verdict === 'drifted') return { verdict: 'drifted', cause: watch.cause };
  return { verdict: drift.verdict, cause: drift.cause };
}

/** The check of record as a detector among the others, where it has a limit of its own. */
function readingOf({ statistic, limit }: DriftReport): readonly DetectorReading[] {
  return statistic === null || limit === null ? [] : [{ detector: 'ks', statistic, limit }];
}
