/* eslint-disable @typescript-eslint/no-non-null-assertion -- a model is live, and the remainder is an index of the versions */
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_SPEC } from '../core/model/spec.ts';
import type { ModelVersion } from '../core/model/version.ts';
import { parseSymbol } from '../core/series/symbol.ts';
import { createTestDatabase, type TestDatabase } from '../lab/database.ts';
import { simulateSeries } from '../lab/simulatedSeries.ts';
import { promoteModel, storeModel, storeSeries } from '../lab/storedModels.ts';
import { atLeast, atMost, option, progress, quantile, reportBench } from './report.ts';
import { startServer, type BenchServer } from './serving/startServer.ts';
import type { SwapLoad, SwapLoadResult } from './serving/swapLoad.ts';

/**
 * 100 promotions under load, by the real path: commit, notification, load, checks, one flip. Quiet and swapping stretches take
 * turns, so that what else the machine does disturbs both.
 */
const SEED = 7;
const PROMOTIONS = Number(option('promotions') ?? 100);
const ROUNDS = 5;
const PAUSE_MS = 200;
const REQUESTS_A_SECOND = 400;
const MODELS = 10;

const series = simulateSeries({ length: 2_500, seed: SEED });
const body = JSON.stringify({ data: [...series.closes.slice(-60)] });

interface Answer {
  readonly prediction: number;
  readonly model: { readonly version: number };
}

async function ask({ url }: BenchServer): Promise<Answer> {
  const reply = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return (await reply.json()) as Answer;
}

/** Milliseconds from the commit of a promotion to the first answer by the new model. */
async function promoteAndWait(
  database: TestDatabase,
  server: BenchServer,
  from: ModelVersion | null,
  to: ModelVersion,
): Promise<number> {
  await promoteModel(database.db, parseSymbol('BENCH'), to, from);
  const committed = performance.now();
  while ((await ask(server)).model.version !== to);
  return performance.now() - committed;
}

async function underLoad(
  server: BenchServer,
  expected: SwapLoad['expected'],
  work: () => Promise<void>,
): Promise<SwapLoadResult> {
  const seconds = Math.ceil((PROMOTIONS / ROUNDS) * (PAUSE_MS / 1000 + 0.05)) + 1;
  const workerData: SwapLoad = { url: server.url, body, seconds, requestsASecond: REQUESTS_A_SECOND, expected };
  const worker = new Worker(new URL('./serving/swapLoad.js', import.meta.url), { workerData });
  const done = once(worker, 'message') as Promise<[SwapLoadResult]>; // it posts nothing else
  await pause(500); // the connections are open and warm
  await work();
  const [result] = await done;
  return result;
}

const database = await createTestDatabase();
const server = await startServer('estimator', database.urls.estimator);
try {
  await storeSeries(database.db, parseSymbol('BENCH'), series);
  const versions: ModelVersion[] = [];
  for (let seed = 1; seed <= MODELS; seed += 1) {
    versions.push(await storeModel(database.db, parseSymbol('BENCH'), series, { seed, spec: DEFAULT_SPEC }));
  }
  // Once around without load, to learn what each version says.
  const expected: Record<string, number> = {};
  let live: ModelVersion | null = null;
  for (const version of versions) {
    await promoteModel(database.db, parseSymbol('BENCH'), version, live);
    live = version;
    let answer = await ask(server).catch(() => undefined);
    while (answer?.model.version !== version) answer = await ask(server).catch(() => undefined);
    expected[version] = answer.prediction;
  }

  const steady: number[] = [];
  const swapping: number[] = [];
  const delays: number[] = [];
  let failed = 0;
  let mixed = 0;
  let promotions = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}`);
    const quiet = await underLoad(server, expected, () => Promise.resolve());
    const busy = await underLoad(server, expected, async () => {
      while (promotions < (round * PROMOTIONS) / ROUNDS) {
        const next: ModelVersion = versions[(versions.indexOf(live!) + 1) % MODELS]!;
        delays.push(await promoteAndWait(database, server, live, next));
        live = next;
        promotions += 1;
        await pause(PAUSE_MS);
      }
    });
    steady.push(...quiet.milliseconds);
    swapping.push(...busy.milliseconds);
    failed += quiet.failed + busy.failed;
    mixed += quiet.mixed + busy.mixed;
  }

  const figures = (samples: number[]) => ({
    n: samples.length,
    p50: quantile(samples, 0.5),
    p99: quantile(samples, 0.99),
    max: Math.max(...samples),
  });
  reportBench({
    bench: 'swap',
    seed: SEED,
    results: {
      promotions,
      requestsASecond: REQUESTS_A_SECOND,
      commitToServedMs: figures(delays),
      steadyMs: figures(steady),
      swappingMs: figures(swapping),
    },
    bars: [
      atLeast('promotions', promotions, 100),
      atMost('failed requests', failed, 0),
      atMost('answers mixing versions', mixed, 0),
      atMost('commit to served, p99, ms', quantile(delays, 0.99), 250),
      atMost('p99 during swaps, times steady', quantile(swapping, 0.99) / quantile(steady, 0.99), 1.5),
    ],
  });
} finally {
  await server.stop();
  await database.close();
}
