import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { Client } from '../../../../db/connection/client.ts';
import type { Service } from './diary.ts';
import type {
  CheckRow,
  DecisionRow,
  EventRow,
  FaultRow,
  ForecastRow,
  ModelRow,
  PredictionRow,
  PriceRow,
  PromotionRow,
  RevisionRow,
  RunRow,
  ScoreRow,
} from './rows.ts';

/** The tables as the year left them, oldest rows first. */
export interface YearRecord {
  readonly prices: readonly PriceRow[];
  readonly revisions: readonly RevisionRow[];
  readonly faults: readonly FaultRow[];
  readonly runs: readonly RunRow[];
  readonly jobs: readonly string[];
  readonly checks: readonly CheckRow[];
  readonly decisions: readonly DecisionRow[];
  readonly models: readonly ModelRow[];
  readonly snapshots: readonly string[];
  readonly promotions: readonly PromotionRow[];
  readonly forecasts: readonly ForecastRow[];
  readonly scores: readonly ScoreRow[];
  readonly predictions: readonly PredictionRow[];
  readonly events: readonly EventRow[];
}

/** An instant as milliseconds, rounded down as clocks do. */
const ms = (column: string): string => `floor(1000 * extract(epoch FROM ${column}))::float8`;

export async function readRecord(client: Client): Promise<YearRecord> {
  const read = <T>(sql: string): Promise<T[]> => client.query<T>(sql);
  return {
    prices: await read(
      `SELECT symbol, day, close, open, high, low, volume, ${ms('stored_at')} AS "storedAt" FROM prices ORDER BY symbol, day`,
    ),
    revisions: await read(
      `SELECT symbol, day, old_close AS old, new_close AS new, (old_row ->> 'volume')::float8 AS "oldVolume" FROM price_revisions ORDER BY symbol, id`,
    ),
    faults: await read(
      `SELECT symbol, day, kind, (bar ->> 'close')::float8 AS close, since, resolution FROM feed_faults ORDER BY symbol, day, kind`,
    ),
    runs: await read(
      `SELECT id, symbol, slot, trigger, state, attempts, outcome, reason,
         extract(epoch FROM ended_at - started_at)::float8 AS seconds FROM runs ORDER BY id`,
    ),
    jobs: (await read<{ key: string }>(`SELECT 'run:' || id AS key FROM runs WHERE state = 'queued'`))
      .map(({ key }) => key)
      .sort(),
    checks: await read(
      `SELECT run_id AS "runId", symbol, day, statistic, raw_p AS "rawP", calibrated_p AS "calibratedP", threshold, verdict, cause,
         (report ->> 'referenceSize')::int AS "referenceSize", (report ->> 'currentSize')::int AS "currentSize", report -> 'loss' AS loss,
         (report ->> 'limit')::float8 AS "limit", report -> 'watch' ->> 'verdict' AS "watchVerdict", (report ->> 'flock')::int AS flock, detectors
       FROM drift_checks ORDER BY id`,
    ),
    decisions: await read(
      'SELECT run_id AS "runId", symbol, day, stage, verdict, reason, sentence, report FROM decisions ORDER BY id',
    ),
    models: await read(
      `SELECT version, symbol, run_id AS "runId", arm, parent, sha256, trained_from AS "trainedFrom", trained_to AS "trainedTo",
         data_digest AS "dataDigest", holdout, calibration -> 'band' AS band, ${ms('created_at')} AS "createdAt" FROM models ORDER BY version`,
    ),
    snapshots: (await read<{ digest: string }>('SELECT data_digest AS digest FROM snapshots ORDER BY data_digest')).map(
      ({ digest }) => digest,
    ),
    promotions: await read(
      `SELECT symbol, version, previous, kind, run_id AS "runId", validated_to AS "validatedTo", promoted_on AS "promotedOn",
         (reference ->> 'to')::date AS "referenceTo", band, reason FROM promotions ORDER BY id`,
    ),
    forecasts: await read(
      `SELECT id::int, symbol, version, as_of AS "asOf", horizon, prediction, lower, upper, level, naive, naive_spread AS "naiveSpread",
         distribution FROM forecasts ORDER BY id`,
    ),
    scores: await read(
      `SELECT forecast_id::int AS "forecastId", symbol, version, horizon, day, actual, squared_error AS "squaredError",
         absolute_error AS "absoluteError", absolute_percentage_error AS "absolutePercentageError", crps,
         naive_squared_error AS "naiveSquaredError", naive_crps AS "naiveCrps", volatility, change, change_error AS "changeError",
         covered, in_service AS "inService" FROM forecast_scores ORDER BY forecast_id`,
    ),
    predictions: await read(
      `SELECT symbol, version, form, as_of AS "asOf", horizon, prediction, lower, upper, naive, seconds, day, actual
       FROM predictions ORDER BY id`,
    ),
    events: await read(`SELECT id::int, run_id AS "runId", symbol, kind, payload, sentence FROM events ORDER BY id`),
  };
}

/** The champion's row as it stands now. */
export async function readService(client: Client, symbol: SeriesSymbol): Promise<Service | null> {
  const [row] = await client.query<Service>(
    `SELECT version, promoted_on AS "promotedOn", validated_to AS "validatedTo", ${ms('promoted_at')} AS "promotedAt",
       ${ms('validated_at')} AS "validatedAt", (reference ->> 'to')::date AS "referenceTo",
       evidence, band
     FROM champions WHERE symbol = $1`,
    [symbol],
  );
  return row ?? null;
}
