import type { ForecastQuality } from '../core/forecast/quality.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import type { Client } from '../db/connection/client.ts';
import { listQuality } from '../db/tables/scores.ts';
import { listDataFreshness, listLatestDriftChecks, listPredictionLatency } from '../db/tables/views.ts';
import type { LatestDriftCheck } from '../db/tables/views.ts';

/** What a person asks first of one series. */
export interface Glance {
  /** Of the last 60 scored days; null before the first. */
  readonly mse: ForecastQuality['mse'] | null;
  /** The last check; null before the first. */
  readonly drift: Pick<LatestDriftCheck, 'verdict' | 'statistic' | 'calibratedP' | 'cause' | 'day'> | null;
  /** Over every answer in the prediction log; null before the first. */
  readonly meanInferenceSeconds: number | null;
}

export interface Summary {
  readonly symbols: Readonly<Record<string, Glance>>;
}

/** The three figures a person asks for first, for each series with prices, without Prometheus. */
export async function summarise(client: Client): Promise<Summary> {
  const [series, quality, checks, latency] = await Promise.all([
    listDataFreshness(client),
    listQuality(client),
    listLatestDriftChecks(client),
    listPredictionLatency(client),
  ]);
  const summaryOf = (symbol: SeriesSymbol): Glance => {
    const check = checks.find((row) => row.symbol === symbol);
    const answers = latency.find((row) => row.symbol === symbol);
    return {
      mse: quality.get(symbol)?.mse ?? null,
      drift: check === undefined ? null : driftOf(check),
      meanInferenceSeconds: answers === undefined || answers.count === 0 ? null : answers.sum / answers.count,
    };
  };
  return { symbols: Object.fromEntries(series.map(({ symbol }) => [symbol, summaryOf(symbol)])) };
}

function driftOf({ verdict, statistic, calibratedP, cause, day }: LatestDriftCheck): NonNullable<Glance['drift']> {
  return { verdict, statistic, calibratedP, cause, day };
}
