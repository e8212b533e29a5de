import type { EventKind } from '../../core/events.ts';
import type { IssuedForecast } from '../../core/forecast/issued.ts';
import { scoreForecast } from '../../core/forecast/score.ts';
import { addDays, parseDay } from '../../core/series/day.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { type SeriesSymbol, parseSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { promote } from '../../db/tables/champions.ts';
import { appendCheck } from '../../db/tables/checks.ts';
import type { NewDriftCheck } from '../../db/tables/checks.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendDecision } from '../../db/tables/decisions.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { saveForecasts } from '../../db/tables/forecasts.ts';
import { appendPredictions } from '../../db/tables/predictions.ts';
import { saveBars } from '../../db/tables/prices.ts';
import { claimSlot, finishRun, startRun } from '../../db/tables/runs.ts';
import { saveScores } from '../../db/tables/scores.ts';
import { saveSeries } from '../../db/tables/series.ts';
import { MADE_UP_QUALITY } from '../../lab/scores.ts';
import { bar, newPromotion, storeModel } from '../helpers/records.ts';

const FIRST = parseDay('2026-01-01');
const FIRST_FORECAST = 20;

/** What is stored of one series; the default is a series called MSFT. */
export interface Seed {
  readonly symbol: SeriesSymbol;
  readonly source: 'yahoo' | 'csv';
  readonly days: number;
  /** Factor on closes and on the errors of their forecasts. */
  readonly scale: number;
  readonly sha256: string;
  readonly holdoutMse: number;
  readonly drift: Pick<NewDriftCheck, 'statistic' | 'rawP' | 'calibratedP' | 'threshold' | 'verdict' | 'cause'>;
  /** How each ended run came out; its slot is its place in the list. */
  readonly runs: readonly RunEnding[];
  /** Seconds that each answer to a caller took. */
  readonly answers: readonly number[];
}

export const SEEDED: Seed = {
  symbol: parseSymbol('MSFT'),
  source: 'yahoo',
  days: 85,
  scale: 1,
  sha256: 'ab'.repeat(32),
  holdoutMse: 1.25,
  drift: { statistic: 0.21, rawP: 0.012, calibratedP: 0.034, threshold: 0.05, verdict: 'drifted', cause: 'volatility' },
  runs: [
    { state: 'done', outcome: 'kept', reason: 'fresh' },
    { state: 'done', outcome: 'kept', reason: 'fresh' },
    { state: 'failed', outcome: 'failed', reason: 'FEED_UNAVAILABLE' },
  ],
  answers: [0.0002, 0.0004, 0.0004, 7],
};

/** A series beside it whose every figure is another. */
export const SECOND: Seed = {
  symbol: parseSymbol('BTC-USD'),
  source: 'csv',
  days: 93,
  scale: 3,
  sha256: 'cd'.repeat(32),
  holdoutMse: 41.5,
  drift: { statistic: 0.11, rawP: 0.45, calibratedP: 0.61, threshold: 0.04, verdict: 'stable', cause: null },
  runs: [
    { state: 'done', outcome: 'promoted', reason: 'no-champion' },
    { state: 'done', outcome: 'kept', reason: 'fresh' },
  ],
  answers: [0.003, 0.02, 0.5],
};

const dayAt = (index: number): TradingDay => addDays(FIRST, index);
export const lastDayOf = ({ days }: Seed): TradingDay => dayAt(days - 1);

/** Rises, by more on some days than on others. */
const closeOn = (index: number, { scale }: Seed): number => scale * (100 + index + (index % 3) / 4);

/** The seeded closes as a feed would bring them. */
export function seededCsv(seed: Seed = SEEDED): string {
  const rows = Array.from({ length: seed.days }, (_, index) => `${dayAt(index)},${closeOn(index, seed)}`);
  return `date,close\n${rows.join('\n')}\n`;
}

/** A series with a champion, more than 60 scored forecasts, a drift check, ended runs and answers. Gives the version. */
export async function seedFlock(client: Client, seed: Seed = SEEDED): Promise<ModelVersion> {
  const { symbol, source, sha256, holdoutMse } = seed;
  const lastDay = lastDayOf(seed);
  await saveSeries(client, { symbol, source, transform: 'log-return', timeZone: 'America/New_York' });
  await saveBars(
    client,
    symbol,
    Array.from({ length: seed.days }, (_, index) => bar(dayAt(index), closeOn(index, seed))),
  );
  const holdout = { ...MADE_UP_QUALITY, mse: holdoutMse };
  const version = await storeModel(client, symbol, { sha256, holdout });
  await promote(client, newPromotion(symbol, version, { validatedTo: lastDay, promotedOn: dayAt(FIRST_FORECAST) }));
  await storeScoredForecasts(client, version, seed);
  await appendCheck(client, { runId: null, symbol, day: lastDay, report: {}, ...seed.drift });
  for (const [slot, ending] of seed.runs.entries()) await endRun(client, symbol, `slot ${slot}`, ending);
  await answerRequests(client, version, seed.answers, seed);
  return version;
}

/** Writes the prediction log as the estimator does: one row an answer that took so many seconds. */
export async function answerRequests(
  client: Client,
  version: ModelVersion,
  seconds: readonly number[],
  seed: Seed = SEEDED,
): Promise<void> {
  await appendPredictions(
    client,
    seconds.map((taken) => ({
      at: Date.now(),
      symbol: seed.symbol,
      version,
      form: 'symbol' as const,
      asOf: lastDayOf(seed),
      horizon: 1,
      prediction: 100,
      lower: 90,
      upper: 110,
      naive: 99,
      seconds: taken,
    })),
  );
}

async function storeScoredForecasts(client: Client, version: ModelVersion, seed: Seed): Promise<void> {
  const { symbol, days } = seed;
  const indices = Array.from({ length: days - 1 - FIRST_FORECAST }, (_, i) => FIRST_FORECAST + i);
  const issued = indices.map((index) => forecastFrom(index, seed));
  await saveForecasts(client, symbol, version, issued);
  const scores = issued.map(({ asOf, forecast, naiveDistribution }, i) => ({
    asOf,
    score: scoreForecast({
      day: dayAt(indices[i]! + 1),
      actual: closeOn(indices[i]! + 1, seed),
      forecast,
      naiveDistribution,
      transform: 'log-return',
    }),
  }));
  await saveScores(client, symbol, version, scores);
}

/** Half a point too low, more or less, and on some days with a band that does not reach the close. */
function forecastFrom(index: number, seed: Seed): IssuedForecast {
  const { scale } = seed;
  const actual = closeOn(index + 1, seed);
  const reach = index % (6 + scale) === 0 ? 0.1 : 2;
  return {
    asOf: dayAt(index),
    forecast: {
      horizon: 1,
      prediction: actual - scale * (0.5 + (index % 4) / 10),
      lower: actual - 4 * scale,
      upper: actual + scale * (reach - 0.2),
      level: 0.9,
      naive: closeOn(index, seed),
      distribution: { mean: 0.005, spread: 0.01 / scale, dof: 5 },
    },
    naiveDistribution: { mean: 0, spread: 0.012, dof: Number.POSITIVE_INFINITY },
  };
}

interface RunEnding {
  readonly state: 'done' | 'failed';
  readonly outcome: string;
  readonly reason: string;
}

async function endRun(client: Client, symbol: SeriesSymbol, slot: string, ending: RunEnding): Promise<void> {
  const id = await claimSlot(client, { symbol, slot, trigger: 'schedule' });
  if (id === undefined) throw new Error(`the slot ${slot} was taken`);
  await startRun(client, id);
  await finishRun(client, id, { ...ending, sentence: 'Said in a test.' });
}

/** An event of the record, as a run would write it. */
export async function recordEvent(
  client: Client,
  kind: EventKind,
  payload: Readonly<Record<string, unknown>>,
  seed: Seed = SEEDED,
): Promise<void> {
  await appendEvent(client, { kind, symbol: seed.symbol, runId: null, payload, sentence: `Said of ${kind}.` });
}

/** A decision not to retrain, with what is spent of the budget. */
export function decideBudget(
  client: Client,
  budget: { spent: number; allowed: number },
  seed: Seed = SEEDED,
): Promise<unknown> {
  return appendDecision(client, {
    runId: null,
    symbol: seed.symbol,
    day: lastDayOf(seed),
    stage: 'retrain',
    verdict: 'keep',
    reason: 'fresh',
    sentence: 'Said in a test.',
    report: {
      recentRetrains: budget.spent,
      settings: { decision: { budgetRetrains: budget.allowed, budgetDays: 250 } },
    },
  });
}
