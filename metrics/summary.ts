import type { Client } from '../db/connection/client.ts';
import {
  listDataFreshness,
  listForecastQuality,
  listLatestDriftChecks,
  listPredictionLatency,
} from '../db/tables/views.ts';
import type { LatestDriftCheck } from '../db/tables/views.ts';

export interface SymbolSummary {
  /** Of the last 60 scored days; null before the first. */
  readonly mse: number | null;
  /** The last check; null before the first. */
  readonly drift: Pick<LatestDriftCheck, 'verdict' | 'statistic' | 'calibratedP' | 'cause' | 'day'> | null;
  /** Over every answer in the prediction log; null before the first. */
  readonly meanInferenceSeconds: number | null;
}

export interface Summary {
  readonly symbols: Readonly<Record<string, SymbolSummary>>;
}

/** The three figures a person asks for first, for each series with prices, without Prometheus. */
export async function summarise(client: Client): Promise<Summary> {
  const [series, quality, checks, latency] = await Promise.all([
    listDataFreshness(client),
    listForecastQuality(client),
    listLatestDriftChecks(client),
    listPredictionLatency(client),
  ]);
  const summaryOf = (symbol: string): SymbolSummary => {
    const check = checks.find((row) => row.symbol === symbol);
    const answers = latency.find((row) => row.symbol === symbol);
    return {
      mse: quality.find((row) => row.symbol === symbol)?.mse ?? null,
      drift: check === undefined ? null : driftOf(check),
      meanInferenceSeconds: answers === undefined || answers.count === 0 ? null : answers.sum / answers.count,
    };
  };
  return { symbols: Object.fromEntries(series.map(({ symbol }) => [symbol, summaryOf(symbol)])) };
}

function driftOf({
  verdict,
  statistic,
  calibratedP,
  cause,
  day,
}: LatestDriftCheck): NonNullable<SymbolSummary['drift']> {
  return { verdict, statistic, calibratedP, cause, day };
}
