import { versionInService } from '../../core/cycle/tenure.ts';
import { measureQuality, QUALITY_DAYS, recentQuality, type ForecastQuality } from '../../core/forecast/quality.ts';
import type { DayScore } from '../../core/forecast/score.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { Client } from '../connection/client.ts';
import { listTenureStarts } from './promotions.ts';

/** A champion's forecast as it was issued, against the close that came. */
export interface ForecastScore extends DayScore {
  readonly symbol: SeriesSymbol;
  /** Of the model that was in service when it was made. */
  readonly version: ModelVersion;
  /** Last day it had seen. */
  readonly asOf: TradingDay;
}

/** Stores the scores of a version's forecasts; a forecast is scored once, a second score is ignored. Answers how many were new. */
export async function saveScores(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
  scores: readonly { readonly asOf: TradingDay; readonly score: DayScore }[],
): Promise<number> {
  const starts = await listTenureStarts(client, symbol);
  const rows = scores.map(({ asOf, score }) => ({
    ...score,
    asOf,
    inService: versionInService(starts, asOf) === version,
  }));
  const stored = await client.query(
    `INSERT INTO forecast_scores (forecast_id, symbol, version, horizon, day, actual, squared_error, absolute_error,
       absolute_percentage_error, crps, naive_squared_error, naive_crps, volatility, change, change_error, covered, in_service)
     SELECT f.id, f.symbol, f.version, f.horizon, s.day, s.actual, s."squaredError", s."absoluteError",
       s."absolutePercentageError", s.crps, s."naiveSquaredError", s."naiveCrps", s.volatility, s.change, s."changeError", s.covered,
       s."inService"
     FROM jsonb_to_recordset($3::jsonb) AS s("asOf" date, horizon int, day date, actual float8,
       "squaredError" float8, "absoluteError" float8, "absolutePercentageError" float8, crps float8,
       "naiveSquaredError" float8, "naiveCrps" float8, volatility float8, change float8, "changeError" float8, covered boolean, "inService" boolean)
     JOIN forecasts AS f ON f.symbol = $1 AND f.version = $2 AND f.as_of = s."asOf" AND f.horizon = s.horizon
     ON CONFLICT (forecast_id) DO NOTHING RETURNING forecast_id`,
    [symbol, version, JSON.stringify(rows)],
  );
  return stored.length;
}

export interface ScoreSelection {
  /** Absent: every series. */
  readonly symbol?: SeriesSymbol;
  /** Days ahead; default 1. */
  readonly horizon?: number;
  /** The newest scored days of each series. */
  readonly days: number;
}

/**
 * How the newest days of a series met their forecasts: one score a day, of the forecast that the champion of that time issued, days
 * ascending within each symbol. Whoever tells of the past reads it here; the exporter's role may.
 */
export function listScores(client: Client, { symbol, horizon = 1, days }: ScoreSelection): Promise<ForecastScore[]> {
  return client.query<ForecastScore>(
    `SELECT newest.symbol, version, horizon, as_of AS "asOf", day, actual, prediction, lower, upper, naive, squared_error AS "squaredError",
       absolute_error AS "absoluteError", absolute_percentage_error AS "absolutePercentageError", crps,
       naive_squared_error AS "naiveSquaredError", naive_crps AS "naiveCrps", volatility, change, change_error AS "changeError", covered
     FROM (SELECT $1::text AS symbol WHERE $1 IS NOT NULL UNION ALL SELECT symbol FROM data_freshness WHERE $1 IS NULL) AS asked
     CROSS JOIN LATERAL (
       SELECT * FROM champion_scores WHERE symbol = asked.symbol AND horizon = $2 ORDER BY day DESC LIMIT $3
     ) AS newest
     ORDER BY newest.symbol, day`,
    [symbol ?? null, horizon, days],
  );
}

/** Quality of the last scored days one day ahead; null before the first. */
export async function findQuality(client: Client, symbol: SeriesSymbol): Promise<ForecastQuality | null> {
  return recentQuality(await listScores(client, { symbol, days: QUALITY_DAYS }));
}

/** The same of every series that has a score, by symbol. */
export async function listQuality(client: Client): Promise<ReadonlyMap<string, ForecastQuality>> {
  const bySymbol = new Map<string, ForecastScore[]>();
  for (const score of await listScores(client, { days: QUALITY_DAYS })) {
    const group = bySymbol.get(score.symbol);
    if (group === undefined) bySymbol.set(score.symbol, [score]);
    else group.push(score);
  }
  return new Map(Array.from(bySymbol, ([symbol, scores]) => [symbol, measureQuality(scores)]));
}
