import type { IssuedForecast } from '../../core/forecast/issued.ts';
import type { DayForecast } from '../../core/forecast/forecast.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { Client } from '../connection/client.ts';

/** Stores the forecasts of a version; one that is there already (same day and horizon) stays as it was made. Answers how many were new. */
export async function saveForecasts(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
  issued: readonly IssuedForecast[],
): Promise<number> {
  const rows = issued.map(({ asOf, forecast, naiveDistribution }) => ({
    ...forecast,
    asOf,
    naiveSpread: naiveDistribution.spread,
  }));
  const stored = await client.query(
    `INSERT INTO forecasts (symbol, version, as_of, horizon, prediction, lower, upper, level, naive, naive_spread, distribution)
     SELECT $1, $2, "asOf", horizon, prediction, lower, upper, level, naive, "naiveSpread", distribution
     FROM jsonb_to_recordset($3::jsonb) AS f("asOf" date, horizon int, prediction float8, lower float8, upper float8, level float8,
       naive float8, "naiveSpread" float8, distribution jsonb)
     ON CONFLICT (symbol, version, as_of, horizon) DO NOTHING RETURNING id`,
    [symbol, version, JSON.stringify(rows)],
  );
  return stored.length;
}

/** The forecasts of a version that have no score yet, the oldest first. */
export async function listPendingForecasts(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
): Promise<IssuedForecast[]> {
  const pending = await listPending(client, symbol, { only: version });
  return pending.map(({ version: _, ...issued }) => issued);
}

/** The same of every other version: what models no longer in service have left open. */
export function listFormerForecasts(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
): Promise<PendingForecast[]> {
  return listPending(client, symbol, { but: version });
}

export interface PendingForecast extends IssuedForecast {
  readonly version: ModelVersion;
}

async function listPending(
  client: Client,
  symbol: SeriesSymbol,
  { only, but }: { readonly only?: number; readonly but?: number },
): Promise<PendingForecast[]> {
  const rows = await client.query<PendingRow>(
    `SELECT f.version, f.as_of AS "asOf", f.horizon, f.prediction, f.lower, f.upper, f.level, f.naive, f.naive_spread AS "naiveSpread",
       f.distribution
     FROM forecasts AS f
     WHERE f.symbol = $1 AND f.version = coalesce($2, f.version) AND f.version IS DISTINCT FROM $3
       AND NOT EXISTS (SELECT FROM forecast_scores WHERE forecast_id = f.id)
     ORDER BY f.as_of, f.horizon, f.id`,
    [symbol, only ?? null, but ?? null],
  );
  return rows.map(({ version, asOf, naiveSpread, ...forecast }) => ({
    version,
    asOf,
    forecast,
    naiveDistribution: { mean: 0, spread: naiveSpread, dof: Infinity },
  }));
}

type PendingRow = DayForecast & {
  readonly version: ModelVersion;
  readonly asOf: TradingDay;
  readonly naiveSpread: number;
};

/** The last day on which a version gave forecasts. */
export async function findLastForecastDay(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
): Promise<TradingDay | undefined> {
  const [row] = await client.query<{ day: TradingDay | null }>(
    'SELECT max(as_of) AS day FROM forecasts WHERE symbol = $1 AND version = $2',
    [symbol, version],
  );
  return row?.day ?? undefined;
}
