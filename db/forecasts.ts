import type { ChangeDistribution } from '../core/model/network.ts';
import type { TradingDay } from '../core/series/day.ts';
import type { Client } from './client.ts';

/** A forecast made by a champion at the end of a day, for the day `horizon` trading days later; levels in the series' own unit. */
export interface Forecast {
  readonly id: string;
  readonly symbol: string;
  readonly version: number;
  /** Last day seen. */
  readonly asOf: TradingDay;
  readonly horizon: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  /** Nominal coverage of the band, 0…1. */
  readonly level: number;
  readonly naive: number;
  readonly distribution: ChangeDistribution;
  readonly madeAt: string;
}

export type NewForecast = Omit<Forecast, 'id' | 'madeAt'>;

/** A forecast whose day has come. */
export interface DueForecast extends Forecast {
  readonly day: TradingDay;
  readonly actual: number;
}

const COLUMNS = `f.id, f.symbol, f.version, f.as_of AS "asOf", f.horizon, f.prediction, f.lower, f.upper, f.level, f.naive,
  f.distribution, f.made_at AS "madeAt"`;

/** Stores forecasts; one that is there already (same symbol, version, day and horizon) stays as it was made. Answers how many were new. */
export async function saveForecasts(client: Client, forecasts: readonly NewForecast[]): Promise<number> {
  const rows = await client.query(
    `INSERT INTO forecasts (symbol, version, as_of, horizon, prediction, lower, upper, level, naive, distribution)
     SELECT symbol, version, "asOf", horizon, prediction, lower, upper, level, naive, distribution
     FROM jsonb_to_recordset($1::jsonb) AS f(symbol text, version int, "asOf" date, horizon int, prediction float8,
       lower float8, upper float8, level float8, naive float8, distribution jsonb)
     ON CONFLICT (symbol, version, as_of, horizon) DO NOTHING RETURNING id`,
    [JSON.stringify(forecasts)],
  );
  return rows.length;
}

/** The forecasts of a series whose day's close has arrived and which have no score yet, the oldest first. */
export function listUnscored(client: Client, symbol: string): Promise<DueForecast[]> {
  return client.query<DueForecast>(
    `SELECT ${COLUMNS}, due.day, due.close AS actual
     FROM forecasts AS f
     CROSS JOIN LATERAL (SELECT day, close FROM prices
       WHERE symbol = f.symbol AND day > f.as_of ORDER BY day OFFSET f.horizon - 1 LIMIT 1) AS due
     WHERE f.symbol = $1 AND NOT EXISTS (SELECT FROM forecast_scores WHERE forecast_id = f.id)
     ORDER BY f.as_of, f.horizon, f.id`,
    [symbol],
  );
}

/** The forecasts that a version made at the end of a day, the nearest day first. */
export function listForecasts(
  client: Client,
  { symbol, version, asOf }: { readonly symbol: string; readonly version: number; readonly asOf: TradingDay },
): Promise<Forecast[]> {
  return client.query<Forecast>(
    `SELECT ${COLUMNS} FROM forecasts AS f WHERE f.symbol = $1 AND f.version = $2 AND f.as_of = $3 ORDER BY f.horizon`,
    [symbol, version, asOf],
  );
}
