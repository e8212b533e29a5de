/* eslint-disable @typescript-eslint/no-non-null-assertion -- there are series, each longer than the days forecast */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { crpsStudentT } from '../core/metrics/crps.ts';
import { createPredictor } from '../core/model/infer.ts';
import type { Network } from '../core/model/network.ts';
import { DEFAULT_SPEC, type ModelSpec } from '../core/model/spec.ts';
import { train } from '../core/model/training/train.ts';
import { createTrainingPool } from '../shepherd/threads/pool.ts';
import { simulateSeries } from '../lab/simulatedSeries.ts';
import { findEvaluationData } from '../lab/evaluationData.ts';
import { listSeriesFiles, readSeries } from './forecast/forecastSeries.ts';
import { startPython } from './peers/python.ts';
import { atLeast, atMost, option, progress, quantile, reportBench } from './report.ts';
import { median, runKeras, timeTorchRun } from './training/peerRuns.ts';

/** A fine-tune on ten years of daily closes by sequences and by sliding windows; memory over many; the main thread meanwhile. */
const SEED = 1;
const TEN_YEARS = 2520;
const VALIDATION_DAYS = 250;
const TRAININGS = Number(option('trainings') ?? 200);
/** One target a window, the served window exactly: 59 changes. Batches of 32 windows; all else is the default. */
const SLIDING: ModelSpec = { ...DEFAULT_SPEC, sequenceLength: 59, warmup: 58, batch: 32 };
const FLAT_MEGABYTES = 16;
/** Of ours and of PyTorch's on each series, in turns. */
const TURNS = Number(option('turns') ?? 3);
const KERAS_EPOCHS = Number(option('keras-epochs') ?? 50);

const series = await readCloses();
const torch = await startPython('torch_run.py');
const runs: Awaited<ReturnType<typeof compareSchemes>>[] = [];
for (const [name, closes] of series) runs.push(await compareSchemes(name, closes));
await torch?.close();
const keras = await compareKeras();
const total = (scheme: 'sequences' | 'sliding'): number => runs.reduce((sum, run) => sum + run[scheme].seconds, 0);
const crpsRatio = runs.reduce((sum, run) => sum + run.sequences.crps / run.sliding.crps / runs.length, 0);
const memory = measureMemory(series.values().next().value!);
const delay = await measureEventLoop([...series.values()]);
reportBench({
  bench: 'train-run',
  seed: SEED,
  results: {
    closes: TEN_YEARS,
    runs,
    secondsAFineTune: quantile(
      runs.map((run) => run.sequences.seconds),
      0.5,
    ),
    torch: torch?.greeting['version'] ?? 'not installed (npm run peers)',
    ...(keras && { keras }),
    memory,
    eventLoopDelayMilliseconds: delay,
  },
  bars: [
    ...(torch
      ? [atMost('time to PyTorch, same scheme and epochs', median(runs.flatMap((run) => run.toTorch ?? [])), 0.5)]
      : []),
    ...(keras
      ? [
          atMost('time to the Keras recipe', keras.secondsOfOurs / keras.seconds, 1 / 200),
          atMost("held-out CRPS to the Keras recipe's", keras.crpsOfOurs / keras.crps, 1),
        ]
      : []),
    atLeast('time of sliding windows to sequences', total('sliding') / total('sequences'), 10),
    atMost('held-out CRPS of sequences to sliding windows, mean over series', crpsRatio, 1.005),
    atMost(`growth of memory over ${TRAININGS} trainings, MB`, memory.growthMegabytes, FLAT_MEGABYTES),
    atMost('event-loop delay while every core trains, 99th percentile, ms', delay.p99, 50),
  ],
});

/** Real closes where there are any, else simulated ones; ten years and up to three more to be judged on. */
async function readCloses(): Promise<Map<string, Float64Array>> {
  const folder = findEvaluationData();
  const length = TEN_YEARS + 756;
  if (folder === undefined) return new Map([['simulated', simulateSeries({ length, seed: SEED }).closes]]);
  const wanted = ['MSFT', 'AAPL', 'BTC-USD', 'GSPC'];
  const read = await Promise.all(listSeriesFiles(folder).map((path) => readSeries(path)));
  const chosen = read.filter(({ name }) => wanted.includes(name));
  return new Map(chosen.map(({ name, series }) => [name, series.closes.slice(-length)]));
}

/** A champion of the first half of the ten years goes on from it on all of them, by each scheme. */
async function compareSchemes(name: string, closes: Float64Array) {
  progress(`${name}: sequences, PyTorch, then sliding windows`);
  const trained = closes.subarray(0, TEN_YEARS);
  const champion = train({
    closes: trained.subarray(0, TEN_YEARS / 2),
    validationDays: VALIDATION_DAYS,
    spec: DEFAULT_SPEC,
    seed: SEED,
  }).network;
  const sequences = fineTune(champion, DEFAULT_SPEC, trained);
  const { epochs } = sequences.figures;
  const toTorch: number[] = [];
  const processorToTorch: number[] = []; // the clock also counts what other programs take meanwhile
  for (let turn = 0; torch && turn < TURNS; turn += 1) {
    const before = process.cpuUsage();
    const { seconds } = fineTune(champion, DEFAULT_SPEC, trained).figures;
    const { user, system } = process.cpuUsage(before);
    const request = { closes: trained, validationDays: VALIDATION_DAYS, epochs };
    const other = await timeTorchRun(torch, DEFAULT_SPEC, request);
    toTorch.push(seconds / other.seconds);
    processorToTorch.push((user + system) / 1e6 / other.processorSeconds);
  }
  const sliding = fineTune({ ...champion, spec: SLIDING }, SLIDING, trained);
  return {
    name,
    sequences: { ...sequences.figures, crps: heldOutCrps(sequences.network, closes) },
    sliding: { ...sliding.figures, crps: heldOutCrps(sliding.network, closes) },
    ...(torch && { toTorch, processorToTorch }),
  };
}

/** The recipe once, on the first series, between two of our fine-tunes of the same closes. */
async function compareKeras() {
  const peer = await startPython('keras_run.py');
  const [first] = series;
  if (!peer || !first) return undefined;
  const [name, closes] = first;
  progress(`${name}: the Keras recipe, ${KERAS_EPOCHS} epochs`);
  const trained = closes.subarray(0, TEN_YEARS);
  const champion = train({
    closes: trained.subarray(0, TEN_YEARS / 2),
    validationDays: VALIDATION_DAYS,
    spec: DEFAULT_SPEC,
    seed: SEED,
  }).network;
  const before = fineTune(champion, DEFAULT_SPEC, trained);
  const { seconds, crps } = await runKeras(peer, closes, TEN_YEARS, KERAS_EPOCHS);
  const after = fineTune(champion, DEFAULT_SPEC, trained);
  await peer.close();
  const secondsOfOurs = (before.figures.seconds + after.figures.seconds) / 2;
  const version = peer.greeting['version'];
  return {
    series: name,
    version,
    epochs: KERAS_EPOCHS,
    seconds,
    crps,
    secondsOfOurs,
    crpsOfOurs: heldOutCrps(after.network, closes),
  };
}

function fineTune(initial: Network, spec: ModelSpec, closes: Float64Array) {
  const start = performance.now();
  const { network, epochs, bestEpoch } = train({ closes, validationDays: VALIDATION_DAYS, spec, seed: SEED, initial });
  const seconds = (performance.now() - start) / 1000;
  return { network, figures: { seconds, epochs: epochs.length, bestEpoch } };
}

/** Mean CRPS of one day ahead over the days after the ten years, as served: each from a window alone. */
function heldOutCrps(network: Network, closes: Float64Array): number {
  const first = TEN_YEARS - 1;
  const forecasts = createPredictor(network).predictRange(closes, first, closes.length - 1);
  const scores = forecasts.map(([next], k) => {
    const actual = Math.log(closes[first + k + 1]! / closes[first + k]!);
    return crpsStudentT(next!.mean, next!.spread, next!.dof, actual);
  });
  return scores.reduce((sum, score) => sum + score / scores.length, 0);
}

/** Resident memory after a tenth of the trainings, which fills every cache, and after all of them. */
function measureMemory(closes: Float64Array) {
  const resident: number[] = [];
  for (let k = 1; k <= TRAININGS; k += 1) {
    train({
      closes: closes.subarray(0, TEN_YEARS),
      validationDays: VALIDATION_DAYS,
      spec: { ...DEFAULT_SPEC, maxEpochs: 2 },
      seed: k,
    });
    resident.push(process.memoryUsage.rss() / 2 ** 20);
    if (k % 20 === 0) progress(`${k} of ${TRAININGS} trainings: ${Math.round(resident.at(-1) ?? 0)} MB`);
  }
  const early = Math.max(...resident.slice(0, Math.ceil(TRAININGS / 10)));
  const late = quantile(resident.slice(-Math.ceil(TRAININGS / 10)), 0.5);
  return { trainings: TRAININGS, afterATenthMegabytes: early, atTheEndMegabytes: late, growthMegabytes: late - early };
}

/** Delay of this thread's event loop while the pool trains every series on all cores. */
async function measureEventLoop(closes: readonly Float64Array[]) {
  progress('training on all cores');
  const pool = createTrainingPool();
  const monitor = monitorEventLoopDelay({ resolution: 10 });
  const start = performance.now();
  monitor.enable();
  await Promise.all(
    closes.map((own) =>
      pool.train({
        closes: own.subarray(0, TEN_YEARS),
        validationDays: VALIDATION_DAYS,
        spec: DEFAULT_SPEC,
        seed: SEED,
      }),
    ),
  );
  monitor.disable();
  await pool.close();
  // The monitor's figures contain the 10 ms it waits for each sample.
  const milliseconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 10);
  return {
    trainings: closes.length,
    seconds: (performance.now() - start) / 1000,
    p50: milliseconds(monitor.percentile(50)),
    p99: milliseconds(monitor.percentile(99)),
    most: milliseconds(monitor.max),
  };
}
