import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { Client } from '../connection/client.ts';

/** The ways in which a caller asks. */
export type RequestForm = 'window' | 'symbol' | 'date' | 'range' | 'batch' | 'csv';

/** One number that was answered to a caller. */
export interface NewPrediction {
  /** When it was answered, milliseconds since 1970. */
  readonly at: number;
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly form: RequestForm;
  /** Last day seen; `null` when the caller brought a window without days. */
  readonly asOf: TradingDay | null;
  readonly horizon: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  readonly naive: number;
  /** Time the answer took; `null` in a row that stands for no answer of its own, and is then not counted in the latency. */
  readonly seconds: number | null;
}

/** Appends a batch to the prediction log in one statement: all of it or nothing. */
export async function appendPredictions(client: Client, predictions: readonly NewPrediction[]): Promise<void> {
  if (predictions.length === 0) return;
  const column = <K extends keyof NewPrediction>(name: K): NewPrediction[K][] => predictions.map((row) => row[name]);
  await client.query(
    `INSERT INTO predictions (at, symbol, version, form, as_of, horizon, prediction, lower, upper, naive, seconds)
     SELECT to_timestamp(at / 1000), symbol, version, form, as_of, horizon, prediction, lower, upper, naive, seconds
     FROM unnest($1::float8[], $2::text[], $3::int[], $4::text[], $5::date[], $6::int[], $7::float8[], $8::float8[], $9::float8[],
       $10::float8[], $11::float8[])
       AS batch(at, symbol, version, form, as_of, horizon, prediction, lower, upper, naive, seconds)`,
    [
      column('at'),
      column('symbol'),
      column('version'),
      column('form'),
      column('asOf'),
      column('horizon'),
      column('prediction'),
      column('lower'),
      column('upper'),
      column('naive'),
      column('seconds'),
    ],
  );
}

/** Fills in the actual close of the predictions of a series whose day has come; answers how many. */
export async function scorePredictions(client: Client, symbol: SeriesSymbol): Promise<number> {
  const [row] = await client.query<{ scored: number }>(
    `WITH asked AS (
       SELECT DISTINCT as_of, horizon FROM predictions WHERE symbol = $1 AND actual IS NULL AND as_of IS NOT NULL
     ), due AS (
       SELECT asked.*, target.day, target.close FROM asked
       CROSS JOIN LATERAL (SELECT day, close FROM prices
         WHERE symbol = $1 AND day > asked.as_of ORDER BY day OFFSET asked.horizon - 1 LIMIT 1) AS target
     ), scored AS (
       UPDATE predictions AS p SET day = due.day, actual = due.close FROM due
       WHERE p.symbol = $1 AND p.actual IS NULL AND p.as_of = due.as_of AND p.horizon = due.horizon RETURNING 1
     )
     SELECT count(*)::int AS scored FROM scored`,
    [symbol],
  );
  return row?.scored ?? 0;
}
