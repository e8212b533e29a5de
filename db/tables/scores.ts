import type { DayScore } from '../../core/forecast/score.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Client } from '../connection/client.ts';

/** A forecast against the close that came; errors in the series' own unit. */
export interface ForecastScore {
  readonly forecastId: string;
  readonly symbol: string;
  readonly version: number;
  readonly horizon: number;
  /** The day that was forecast. */
  readonly day: TradingDay;
  readonly actual: number;
  readonly squaredError: number;
  readonly absoluteError: number;
  /** A ratio, not a percentage; `null` where the actual value is zero. */
  readonly absolutePercentageError: number | null;
  readonly crps: number;
  readonly naiveSquaredError: number;
  readonly naiveCrps: number;
  /** The actual value lay within the band. */
  readonly covered: boolean;
}

/** Stores the scores of a version's forecasts; a forecast is scored once, a second score is ignored. Answers how many were new. */
export async function saveScores(
  client: Client,
  symbol: string,
  version: number,
  scores: readonly { readonly asOf: TradingDay; readonly score: DayScore }[],
): Promise<number> {
  const rows = await client.query(
    `INSERT INTO forecast_scores (forecast_id, symbol, version, horizon, day, actual, squared_error, absolute_error,
       absolute_percentage_error, crps, naive_squared_error, naive_crps, covered)
     SELECT f.id, f.symbol, f.version, f.horizon, s.day, s.actual, s."squaredError", s."absoluteError",
       s."absolutePercentageError", s.crps, s."naiveSquaredError", s."naiveCrps", s.covered
     FROM jsonb_to_recordset($3::jsonb) AS s("asOf" date, horizon int, day date, actual float8,
       "squaredError" float8, "absoluteError" float8, "absolutePercentageError" float8, crps float8,
       "naiveSquaredError" float8, "naiveCrps" float8, covered boolean)
     JOIN forecasts AS f ON f.symbol = $1 AND f.version = $2 AND f.as_of = s."asOf" AND f.horizon = s.horizon
     ON CONFLICT (forecast_id) DO NOTHING RETURNING forecast_id`,
    [symbol, version, JSON.stringify(scores.map(({ asOf, score }) => ({ ...score, asOf })))],
  );
  return rows.length;
}

/** The newest scores of a series at one horizon, the newest first. */
export function listScores(
  client: Client,
  symbol: string,
  { horizon, limit, version }: { readonly horizon: number; readonly limit: number; readonly version?: number },
): Promise<ForecastScore[]> {
  return client.query<ForecastScore>(
    `SELECT forecast_id AS "forecastId", symbol, version, horizon, day, actual, squared_error AS "squaredError",
       absolute_error AS "absoluteError", absolute_percentage_error AS "absolutePercentageError", crps,
       naive_squared_error AS "naiveSquaredError", naive_crps AS "naiveCrps", covered
     FROM forecast_scores WHERE symbol = $1 AND horizon = $2 AND ($4::int IS NULL OR version = $4)
     ORDER BY day DESC, forecast_id DESC LIMIT $3`,
    [symbol, horizon, limit, version ?? null],
  );
}
