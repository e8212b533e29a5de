import { cpus } from 'node:os';
import { FEATURES } from '../core/model/features.ts';
import { DEFAULT_SPEC } from '../core/model/spec.ts';
import { createPeakMeter } from './training/fmaPeak.ts';
import { largestGradientError } from './training/gradientAgreement.ts';
import { countMultiplications, createOwnStep } from './training/ownStep.ts';
import { startPython, type PythonPeer } from './peers/python.ts';
import { createTfjsStep, type StepShape } from './peers/tfjsStep.ts';
import { atMost, option, progress, quantile, reportBench, type Bar } from './report.ts';

/** One training step (forward, backward, clipping, Adam) of the default network on one thread, beside PyTorch and stock tfjs. */
const SEED = 1;
/** The peers take turns, so that what disturbs one disturbs the other; a ratio is that of the best steps of one turn each. */
const ROUNDS = Number(option('rounds') ?? 100);
const TURN = 5;
const TFJS_ROUNDS = 5;
const shapeOf = (steps: number, batch: number): StepShape => ({
  steps,
  batch,
  units: DEFAULT_SPEC.units,
  inputs: FEATURES,
  outputs: 3 * DEFAULT_SPEC.horizon,
});
const WIDE = shapeOf(60, 32);
/** The sequences that training really uses. */
const TRAINED = shapeOf(DEFAULT_SPEC.sequenceLength, DEFAULT_SPEC.batch);
/** PyTorch's own matrix products are slower on AMD's processors, so the bar is higher there. */
const TORCH_LIMIT = cpus()[0]?.model.includes('AMD') === true ? 0.5 : 0.75;

const torch = await startPython('torch_step.py');
const peak = await createPeakMeter();
const wide = await measure(WIDE, torch);
const trained = await measure(TRAINED, torch);
await torch?.close();
const tfjs = { wasm: await timeTfjs('wasm', 3), cpu: await timeTfjs('cpu', 2) };
const gradientError = await largestGradientError(WIDE, SEED);
const own = wide.milliseconds.own.median;
reportBench({
  bench: 'train-step',
  seed: SEED,
  results: {
    backend: wide.backend,
    processor: cpus()[0]?.model,
    torch: torch?.greeting['version'] ?? 'not installed (npm run peers)',
    peakGigaflops: peak(),
    shapes: [wide, trained],
    tfjsMilliseconds: { wasm: spread(tfjs.wasm), cpu: spread(tfjs.cpu) },
  },
  bars: [
    ...[wide, trained].flatMap(({ shape, toTorch }): Bar[] =>
      toTorch
        ? [atMost(`time to PyTorch, ${shape.steps} steps, batch ${shape.batch}`, toTorch.median, TORCH_LIMIT)]
        : [],
    ),
    atMost('time to stock tfjs wasm', own / quantile(tfjs.wasm, 0.5), 1 / 15),
    atMost('time to stock tfjs cpu', own / quantile(tfjs.cpu, 0.5), 1 / 50),
    atMost('largest relative error of a gradient against stock tfjs', gradientError, 1e-4),
  ],
});

async function measure(shape: StepShape, peer: PythonPeer | undefined) {
  const { backend, step } = createOwnStep(shape, SEED);
  for (let k = 0; k < 100; k += 1) step();
  const times = { own: [] as number[], torch: [] as number[], ratios: [] as number[] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (round % 20 === 0) progress(`${shape.steps} steps, batch ${shape.batch}: round ${round} of ${ROUNDS}`);
    const turn = Array.from({ length: TURN }, () => time(step));
    times.own.push(...turn);
    peak();
    if (!peer) continue;
    const other = await peer.ask<number[]>({ shape, repetitions: TURN });
    times.torch.push(...other);
    times.ratios.push(Math.min(...turn) / Math.min(...other));
  }
  const gigaflops = (milliseconds: number): number => (2 * countMultiplications(shape)) / (1e6 * milliseconds);
  const best = Math.min(...times.own);
  return {
    shape,
    backend,
    milliseconds: { own: spread(times.own), ...(peer && { torch: spread(times.torch) }) },
    /** Of the products alone: what the step cannot undercut. */
    limitMilliseconds: (2 * countMultiplications(shape)) / (1e6 * peak()),
    gigaflopsAtBest: gigaflops(best),
    ofPeakAtBest: gigaflops(best) / peak(),
    ...(peer && { toTorch: spread(times.ratios) }),
  };
}

function spread(samples: readonly number[]): Record<'n' | 'least' | 'p10' | 'median' | 'p90', number> {
  const at = (q: number): number => Number(quantile(samples, q).toFixed(3));
  return { n: samples.length, least: at(0), p10: at(0.1), median: at(0.5), p90: at(0.9) };
}

async function timeTfjs(name: 'cpu' | 'wasm', repetitions: number): Promise<number[]> {
  progress(`tfjs ${name}`);
  const step = await createTfjsStep(name, WIDE);
  await step();
  const result: number[] = [];
  for (let k = 0; k < TFJS_ROUNDS * repetitions; k += 1) {
    const start = performance.now();
    await step();
    result.push(performance.now() - start);
  }
  return result;
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
