import type { RecordedEvent } from '../../core/events.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import type { DetectorReading } from './checks.ts';

/** Forecasts scored since the beginning, at every horizon. */
export function listScoredTotals(
  client: Client,
): Promise<{ readonly symbol: SeriesSymbol; readonly forecasts: number }[]> {
  return client.query('SELECT symbol, forecasts::float8 AS forecasts FROM scored_totals ORDER BY symbol');
}

export interface LatestDriftCheck {
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  readonly statistic: number | null;
  readonly rawP: number | null;
  readonly calibratedP: number | null;
  readonly threshold: number | null;
  readonly verdict: 'stable' | 'drifted' | 'undetermined';
  readonly cause: string | null;
  readonly checkedAt: string;
  readonly detectors: readonly DetectorReading[];
}

export function listLatestDriftChecks(client: Client): Promise<LatestDriftCheck[]> {
  return client.query<LatestDriftCheck>(
    `SELECT symbol, day, statistic, raw_p AS "rawP", calibrated_p AS "calibratedP", threshold, verdict, cause,
       checked_at AS "checkedAt", detectors FROM latest_drift_checks ORDER BY symbol`,
  );
}

export interface DataFreshness {
  readonly symbol: SeriesSymbol;
  readonly source: string;
  readonly lastDay: TradingDay;
  /** When that day was stored. */
  readonly storedAt: string;
}

export function listDataFreshness(client: Client): Promise<DataFreshness[]> {
  return client.query<DataFreshness>(
    `SELECT symbol, source, last_day AS "lastDay", stored_at AS "storedAt" FROM data_freshness ORDER BY symbol`,
  );
}

export interface ChampionInfo {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly sha256: string;
  readonly arm: string;
  readonly trainedFrom: TradingDay;
  readonly trainedTo: TradingDay;
  readonly trainedAt: string;
  readonly promotedAt: string;
  readonly validatedTo: TradingDay;
  readonly validatedAt: string;
  /** `null` when nothing was held out. */
  readonly holdoutMse: number | null;
}

export function listChampionInfo(client: Client): Promise<ChampionInfo[]> {
  return client.query<ChampionInfo>(
    `SELECT symbol, version, sha256, arm, trained_from AS "trainedFrom", trained_to AS "trainedTo", trained_at AS "trainedAt",
       promoted_at AS "promotedAt", validated_to AS "validatedTo", validated_at AS "validatedAt", holdout_mse AS "holdoutMse"
     FROM champion_info ORDER BY symbol`,
  );
}

/** Ended runs of a series since the beginning, by what came of them and why. */
export interface RunTotal {
  readonly symbol: string;
  readonly outcome: string;
  readonly reason: string;
  readonly runs: number;
}

/** Every outcome of every series, 0 where it has not been met. */
export function listRunTotals(client: Client): Promise<RunTotal[]> {
  return client.query<RunTotal>(
    'SELECT symbol, outcome, reason, runs::float8 AS runs FROM run_totals ORDER BY symbol, outcome, reason',
  );
}

/** The end of the last run that did not fail, for each series that has one. */
export function listLastSuccesses(
  client: Client,
): Promise<{ readonly symbol: SeriesSymbol; readonly endedAt: string }[]> {
  return client.query('SELECT symbol, ended_at AS "endedAt" FROM last_successes ORDER BY symbol');
}

/** A cumulative histogram as Prometheus has it. */
export interface Histogram {
  /** Ascending upper bounds in seconds, the last one infinite; `count` includes all buckets below. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** Seconds from start to end of all runs that ended. */
export async function getRunDurations(client: Client): Promise<Histogram> {
  const rows = await client.query<BucketRow>(
    'SELECT le, runs::float8 AS count, total_seconds AS sum FROM run_duration_histogram ORDER BY le',
  );
  return toHistogram(rows);
}

/** Seconds that answers took, by series, over all estimators and restarts. */
export async function listPredictionLatency(
  client: Client,
): Promise<(Histogram & { readonly symbol: SeriesSymbol })[]> {
  const rows = await client.query<BucketRow & { symbol: SeriesSymbol }>(
    `SELECT symbol, le, answers::float8 AS count, total_seconds AS sum FROM prediction_latency_histogram ORDER BY symbol, le`,
  );
  const bySymbol = new Map<SeriesSymbol, BucketRow[]>();
  for (const row of rows) {
    const buckets = bySymbol.get(row.symbol);
    if (buckets === undefined) bySymbol.set(row.symbol, [row]);
    else buckets.push(row);
  }
  return Array.from(bySymbol, ([symbol, buckets]) => ({ symbol, ...toHistogram(buckets) }));
}

interface BucketRow {
  readonly le: number;
  readonly count: number;
  readonly sum: number;
}

function toHistogram(rows: readonly BucketRow[]): Histogram {
  const last = rows.at(-1);
  return { buckets: rows.map(({ le, count }) => ({ le, count })), sum: last?.sum ?? 0, count: last?.count ?? 0 };
}

/** The audit record as readers see it, the newest first, of one series or of all. */
export function listTimeline(
  client: Client,
  { symbol, before, limit }: { readonly symbol?: SeriesSymbol; readonly before?: string; readonly limit: number },
): Promise<RecordedEvent[]> {
  return client.query<RecordedEvent>(
    `SELECT id, at, run_id AS "runId", symbol, kind, payload, sentence FROM timeline
     WHERE ($1::text IS NULL OR symbol = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [symbol ?? null, before ?? null, limit],
  );
}

/** Bars that are held back, by series and kind; 0 where there are none. */
export interface HeldBars {
  readonly symbol: SeriesSymbol;
  readonly kind: string;
  readonly bars: number;
  readonly firstDay: TradingDay | null;
}

export function listHeldBars(client: Client): Promise<HeldBars[]> {
  return client.query<HeldBars>(
    'SELECT symbol, kind, bars, first_day AS "firstDay" FROM held_bars ORDER BY symbol, kind',
  );
}

/** Trading days that each feed should have sent by now, at the last run that asked it; a series without a feed has no row. */
export function listMissedDays(
  client: Client,
): Promise<{ readonly symbol: SeriesSymbol; readonly days: number; readonly at: string }[]> {
  return client.query('SELECT symbol, days, at FROM missed_days ORDER BY symbol');
}

/** Retrains spent of those allowed, at the last decision of each series. */
export interface RetrainBudget {
  readonly symbol: SeriesSymbol;
  readonly spent: number;
  readonly allowed: number;
}

export function listRetrainBudgets(client: Client): Promise<RetrainBudget[]> {
  return client.query<RetrainBudget>(
    'SELECT symbol, spent, allowed FROM retrain_budgets WHERE spent IS NOT NULL AND allowed IS NOT NULL ORDER BY symbol',
  );
}

/** How many of the newest sealed leaves of the record were looked at, and how many rows are not what was sealed. */
export async function checkNewestLeaves(
  client: Client,
): Promise<{ readonly checked: number; readonly broken: number }> {
  return oneRow(await client.query<{ checked: number; broken: number }>('SELECT checked, broken FROM record_check'));
}

/** Runs that wait or are under way; 0 where there are none. */
export function listRunQueue(client: Client): Promise<{ readonly state: string; readonly runs: number }[]> {
  return client.query('SELECT state, runs FROM run_queue ORDER BY state');
}

/** One series as it stands among the others; null is what is not known of it yet. */
export interface FlockRow {
  readonly symbol: SeriesSymbol;
  readonly source: string;
  readonly lastDay: TradingDay | null;
  readonly version: ModelVersion | null;
  readonly pinned: boolean;
  readonly verdict: LatestDriftCheck['verdict'] | null;
  readonly cause: string | null;
  readonly heldBars: number;
  readonly missedDays: number;
  readonly scored: number;
  readonly skill: number | null;
  readonly coverage: number | null;
  readonly spent: number | null;
  readonly allowed: number | null;
  readonly outcome: string | null;
  readonly sentence: string | null;
  readonly endedAt: string | null;
}

export function listFlock(client: Client): Promise<FlockRow[]> {
  return client.query<FlockRow>(
    `SELECT symbol, source, last_day AS "lastDay", version, pinned, verdict, cause, held_bars AS "heldBars",
       missed_days AS "missedDays", scored, skill, coverage, spent, allowed, outcome, sentence, ended_at AS "endedAt"
     FROM flock ORDER BY symbol`,
  );
}

/** One detector of one check, its statistic beside the limit at which it alarms. */
export interface DetectorFigure {
  readonly day: TradingDay;
  readonly detector: string;
  readonly statistic: number;
  readonly limit: number;
}

/** The detectors of the last checks of a series, the oldest first. @param checks at most so many checks */
export function listDetectorFigures(client: Client, symbol: SeriesSymbol, checks: number): Promise<DetectorFigure[]> {
  return client.query<DetectorFigure>(
    `SELECT day, detector, statistic, limit_value AS "limit" FROM drift_history
     WHERE symbol = $1 AND id IN (SELECT id FROM drift_history WHERE symbol = $1 GROUP BY id ORDER BY id DESC LIMIT $2)
     ORDER BY id, detector`,
    [symbol, checks],
  );
}
