/* eslint-disable @typescript-eslint/no-non-null-assertion -- three outputs a day of the horizon */
import { FEATURES } from '../../core/model/features.ts';
import { negativeLogLikelihood } from '../../core/model/head.ts';
import { initialParameters } from '../../core/model/training/initial.ts';
import { createSimdKernel } from '../../core/model/kernel/simd.ts';
import { Pass } from '../../core/model/pass.ts';
import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import { createRandom, normal } from '../../core/random.ts';
import type { StepShape } from '../peers/tfjsStep.ts';

/** A function that does one training step of the default network by the kernel: forward, loss at the last step, backward, clipping, Adam. */
export function createOwnStep({ steps, batch }: StepShape, seed: number): { backend: string; step: () => void } {
  const kernel = createSimdKernel();
  if (!kernel) throw new Error('this machine has no WebAssembly SIMD');
  const random = createRandom(seed);
  const { horizon } = DEFAULT_SPEC;
  const pass = new Pass(kernel, DEFAULT_SPEC, { steps, batch, from: steps - 1, training: true });
  pass.load(initialParameters(DEFAULT_SPEC, random));
  const draw = (count: number): number[] => Array.from({ length: count }, () => normal(random));
  const inputs = Array.from({ length: batch }, () => Float32Array.from(draw(steps * FEATURES)));
  const targets = Array.from({ length: batch }, () => draw(horizon));
  const gradient = new Float64Array(3);
  let count = 0;
  const step = (): void => {
    count += 1;
    inputs.forEach((input, sequence) => {
      pass.setInput(sequence, input);
    });
    pass.forward(count);
    targets.forEach((days, sequence) => {
      const { floats, at, spacing } = pass.answersOf(sequence);
      days.forEach((y, day) => {
        const [m, l, q] = [0, 1, 2].map((part) => at + (day + part * horizon) * spacing) as [number, number, number];
        negativeLogLikelihood(floats[m]!, floats[l]!, floats[q]!, y, gradient); // three outputs a day
        [m, l, q].forEach((place, part) => (floats[place] = gradient[part]! / (batch * horizon)));
      });
    });
    pass.backward(count);
    pass.update(count, 1e-3, 1);
  };
  return { backend: kernel.backend, step };
}

/** Multiplications that the products of matrices need, forward once and backward twice. */
export function countMultiplications({ steps, batch, units, inputs }: StepShape): number {
  let below = inputs;
  let count = 0;
  for (const own of units) {
    count += (below + own) * 4 * own;
    below = own;
  }
  return 3 * steps * batch * count;
}
