import { initialParameters } from '../core/model/initial.ts';
import { withKernel } from '../core/model/kernel/acquire.ts';
import { Pass } from '../core/model/pass.ts';
import { DEFAULT_SPEC } from '../core/model/spec.ts';
import { FEATURES } from '../core/model/features.ts';
import { negativeLogLikelihood, tailOf } from '../core/model/head.ts';
import { createRandom, normal } from '../core/random.ts';
import { largestGradientError } from './training/gradientAgreement.ts';
import { createTfjsStep, type StepShape } from './peers/tfjsStep.ts';
import { timeTorchSteps } from './peers/torchStep.ts';
import { atMost, option, progress, quantile, reportBench, type Bar } from './report.ts';

/** One training step (forward, backward, clipping, Adam) of the default network on one thread, beside PyTorch and stock tfjs. */
const SEED = 1;
/** The peers take turns, so that what disturbs one disturbs all. */
const ROUNDS = Number(option('rounds') ?? 5);
const SHAPE: StepShape = { steps: 60, batch: 32, units: DEFAULT_SPEC.units, inputs: FEATURES, outputs: 15 };
const MULTIPLICATIONS = countMultiplications(SHAPE);

const wasm = await timer('wasm', 3);
const cpu = await timer('cpu', 2);
const times = { own: [] as number[], torch: [] as number[], wasm: [] as number[], cpu: [] as number[] };
let torchVersion: string | undefined;
let backend = '';
for (let round = 1; round <= ROUNDS; round += 1) {
  progress(`round ${round} of ${ROUNDS}`);
  times.own.push(...timeOwnSteps(60));
  const torch = timeTorchSteps(SHAPE, 60);
  torchVersion = torch?.version;
  times.torch.push(...(torch?.milliseconds ?? []));
  times.wasm.push(...(await wasm()));
  times.cpu.push(...(await cpu()));
}
if (torchVersion === undefined)
  process.stderr.write('PyTorch is not installed here (python3-torch): its bar is left out.\n');

const own = quantile(times.own, 0.5);
const gradientError = await largestGradientError(SHAPE, SEED);
const bars: Bar[] = [
  ...(torchVersion === undefined ? [] : [atMost('time to PyTorch', own / quantile(times.torch, 0.5), 0.6)]),
  atMost('time to stock tfjs wasm', own / quantile(times.wasm, 0.5), 1 / 15),
  atMost('time to stock tfjs cpu', own / quantile(times.cpu, 0.5), 1 / 50),
  atMost('largest relative error of a gradient against stock tfjs', gradientError, 1e-4),
];
reportBench({
  bench: 'train-step',
  seed: SEED,
  results: {
    shape: SHAPE,
    backend,
    torch: torchVersion ?? 'not installed',
    millisecondsAStep: Object.fromEntries(
      Object.entries(times)
        .filter(([, samples]) => samples.length > 0)
        .map(([name, samples]) => [name, spread(samples)]),
    ),
    gigaflops: (2 * MULTIPLICATIONS) / (1e6 * own),
  },
  bars,
});

function spread(samples: readonly number[]): Record<'n' | 'p10' | 'median' | 'p90', number> {
  const at = (q: number): number => Number(quantile(samples, q).toFixed(3));
  return { n: samples.length, p10: at(0.1), median: at(0.5), p90: at(0.9) };
}

/** Times of steps by the kernel, after as many to warm up. */
function timeOwnSteps(repetitions: number): number[] {
  return withKernel((kernel) => {
    backend = kernel.backend;
    const { steps, batch } = SHAPE;
    const random = createRandom(SEED);
    const pass = new Pass(kernel, DEFAULT_SPEC, { steps, batch, from: steps - 1, training: true });
    pass.load(initialParameters(DEFAULT_SPEC, random));
    const inputs = Array.from({ length: batch }, () =>
      Float32Array.from({ length: steps * FEATURES }, () => normal(random)),
    );
    const targets = Float64Array.from({ length: batch * 5 }, () => normal(random));
    const result: number[] = [];
    for (let step = 1; step <= 2 * repetitions; step += 1) {
      const start = performance.now();
      inputs.forEach((input, sequence) => {
        pass.setInput(sequence, input);
      });
      toGradients(pass.forward(step), pass.layout.paddedOutputs, targets);
      pass.backward(step);
      pass.update(step, 1e-3, 1);
      if (step > repetitions) result.push(performance.now() - start);
    }
    return result;
  });
}

/** Replaces the answers by the gradient of the mean negative log-likelihood of five days. */
function toGradients(answers: Float32Array, width: number, targets: Float64Array): void {
  const gradient = new Float64Array(3);
  const tails = Array.from({ length: 5 }, (_, h) => tailOf(answers[10 + h]!));
  targets.forEach((y, k) => {
    const at = Math.floor(k / 5) * width + (k % 5);
    negativeLogLikelihood(answers[at]!, answers[at + 5]!, tails[k % 5]!, y, gradient);
    gradient.forEach((value, part) => (answers[at + 5 * part] = value / targets.length));
  });
}

async function timer(name: 'cpu' | 'wasm', repetitions: number): Promise<() => Promise<number[]>> {
  const step = await createTfjsStep(name, SHAPE);
  progress(`warming up tfjs ${name}`);
  await step();
  return async () => {
    const result: number[] = [];
    for (let k = 0; k < repetitions; k += 1) {
      const start = performance.now();
      await step();
      result.push(performance.now() - start);
    }
    return result;
  };
}

/** Multiplications that the products of matrices need, forward once and backward twice. */
function countMultiplications({ steps, batch, units, inputs }: StepShape): number {
  let below = inputs;
  let count = 0;
  for (const own of units) {
    count += (below + own) * 4 * own;
    below = own;
  }
  return 3 * steps * batch * count;
}
