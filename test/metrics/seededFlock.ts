import { scoreForecast } from '../../core/forecast/score.ts';
import type { IssuedForecast } from '../../core/forecast/advance.ts';
import { addDays, parseDay } from '../../core/series/day.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { promote } from '../../db/tables/champions.ts';
import { appendCheck } from '../../db/tables/checks.ts';
import type { Client } from '../../db/connection/client.ts';
import { saveForecasts } from '../../db/tables/forecasts.ts';
import { appendPredictions } from '../../db/tables/predictions.ts';
import { saveBars } from '../../db/tables/prices.ts';
import { claimSlot, finishRun, startRun } from '../../db/tables/runs.ts';
import { saveScores } from '../../db/tables/scores.ts';
import { saveSeries } from '../../db/tables/series.ts';
import { BAND, bar, storeModel } from '../helpers/records.ts';

const FIRST = parseDay('2026-01-01');
const FIRST_FORECAST = 20;
const DAYS = 85;

/** Rises by 1 each day, so that a naive forecast of the next close is always 1 too low. */
const closeOn = (index: number): number => 100 + index;
const dayAt = (index: number): TradingDay => addDays(FIRST, index);

export const SEEDED = {
  symbol: 'MSFT',
  lastDay: dayAt(DAYS - 1),
  /** One-day forecasts scored: more than the rolling 60. */
  scored: DAYS - 1 - FIRST_FORECAST,
  /** Every forecast is half a point too low; naive is a whole one. */
  mse: 0.25,
  naiveMse: 1,
} as const;

/** The seeded closes as a feed would bring them. */
export function seededCsv(): string {
  const rows = Array.from({ length: DAYS }, (_, index) => `${dayAt(index)},${closeOn(index)}`);
  return `date,close\n${rows.join('\n')}\n`;
}

/** A flock of one: a series with a champion, 64 scored forecasts, a drift check, three ended runs and four answers. Gives the version. */
export async function seedFlock(client: Client): Promise<number> {
  const { symbol } = SEEDED;
  await saveSeries(client, { symbol, source: 'yahoo', transform: 'log-return', timeZone: 'America/New_York' });
  await saveBars(
    client,
    symbol,
    Array.from({ length: DAYS }, (_, index) => bar(dayAt(index), closeOn(index))),
  );
  const version = await storeModel(client, symbol);
  await promote(client, {
    symbol,
    version,
    expected: null,
    kind: 'first',
    reason: 'first model',
    runId: null,
    validatedTo: SEEDED.lastDay,
    promotedOn: SEEDED.lastDay,
    reference: { to: SEEDED.lastDay, fitted: null },
    band: BAND,
  });
  await storeScoredForecasts(client, version);
  await appendCheck(client, {
    runId: null,
    symbol,
    day: SEEDED.lastDay,
    statistic: 0.21,
    rawP: 0.012,
    calibratedP: 0.034,
    threshold: 0.05,
    verdict: 'drifted',
    cause: 'volatility',
    report: {},
  });
  await endRun(client, 'monday', { state: 'done', outcome: 'kept', reason: 'fresh' });
  await endRun(client, 'tuesday', { state: 'done', outcome: 'kept', reason: 'fresh' });
  await endRun(client, 'wednesday', { state: 'failed', outcome: 'failed', reason: 'FEED_UNAVAILABLE' });
  await answerRequests(client, version, [0.0002, 0.0004, 0.0004, 7]);
  return version;
}

/** Writes the prediction log as the estimator does: one row an answer that took so many seconds. */
export async function answerRequests(client: Client, version: number, seconds: readonly number[]): Promise<void> {
  await appendPredictions(
    client,
    seconds.map((taken) => ({
      at: Date.now(),
      symbol: SEEDED.symbol,
      version,
      form: 'symbol' as const,
      asOf: SEEDED.lastDay,
      horizon: 1,
      prediction: 100,
      lower: 90,
      upper: 110,
      naive: 99,
      seconds: taken,
    })),
  );
}

async function storeScoredForecasts(client: Client, version: number): Promise<void> {
  const indices = Array.from({ length: DAYS - 1 - FIRST_FORECAST }, (_, i) => FIRST_FORECAST + i);
  const issued = indices.map(forecastFrom);
  await saveForecasts(client, SEEDED.symbol, version, issued);
  const scores = issued.map(({ asOf, forecast, naiveDistribution }, i) => ({
    asOf,
    score: scoreForecast({
      day: dayAt(indices[i]! + 1),
      actual: closeOn(indices[i]! + 1),
      forecast,
      naiveDistribution,
      transform: 'log-return',
    }),
  }));
  await saveScores(client, SEEDED.symbol, version, scores);
}

function forecastFrom(index: number): IssuedForecast {
  const naive = closeOn(index);
  return {
    asOf: dayAt(index),
    forecast: {
      horizon: 1,
      prediction: naive + 0.5,
      lower: naive - 2,
      upper: naive + 2,
      level: 0.9,
      naive,
      distribution: { mean: 0.005, spread: 0.01, dof: 5 },
    },
    naiveDistribution: { mean: 0, spread: 0.012, dof: Number.POSITIVE_INFINITY },
  };
}

interface RunEnding {
  readonly state: 'done' | 'failed';
  readonly outcome: string;
  readonly reason: string;
}

async function endRun(client: Client, slot: string, ending: RunEnding): Promise<void> {
  const id = await claimSlot(client, { symbol: SEEDED.symbol, slot, trigger: 'schedule' });
  if (id === undefined) throw new Error(`the slot ${slot} was taken`);
  await startRun(client, id);
  await finishRun(client, id, { ...ending, sentence: 'Said in a test.' });
}
