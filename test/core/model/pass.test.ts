import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlainKernel } from '../../../core/model/kernel/plain.ts';
import { createSimdKernel } from '../../../core/model/kernel/simd.ts';
import { initialParameters } from '../../../core/model/training/initial.ts';
import { Pass } from '../../../core/model/pass.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { createRandom } from '../../../core/random.ts';
import { replaceAnswers } from './answers.ts';

const spec = { ...DEFAULT_SPEC, units: [5, 3], dropout: 0 };
const SHAPE = { steps: 6, batch: 2, from: 2, training: true };
const RATE = 0.01;

/** A pass loaded with random weights and input; `step` goes forward and back with loss gradients of the given size. */
function preparePass(kernel: PlainKernel | NonNullable<ReturnType<typeof createSimdKernel>>) {
  const random = createRandom(4);
  const pass = new Pass(kernel, spec, SHAPE);
  pass.load(initialParameters(spec, random).map((weight) => (weight === 0 ? 0 : 2 * weight)));
  const inputs = Array.from({ length: SHAPE.batch }, () =>
    Float32Array.from({ length: SHAPE.steps * 2 }, () => 2 * random() - 1),
  );
  const setInputs = () => {
    inputs.forEach((features, sequence) => {
      pass.setInput(sequence, features);
    });
  };
  setInputs();
  const step = (size: number): Float32Array => {
    pass.forward();
    replaceAnswers(pass, () => size * (random() - 0.5));
    pass.backward();
    return pass.gradients();
  };
  return { pass, step, setInputs };
}

/** Adam (Kingma & Ba 2015, algorithm 1) after clipping by the joint norm, in double precision. */
function adam(start: Float32Array, clipNorm: number) {
  const [first, second] = [new Float64Array(start.length), new Float64Array(start.length)];
  const weights = Float64Array.from(start);
  return (step: number, gradients: Float32Array): Float64Array => {
    const norm = Math.hypot(...gradients);
    const scale = Math.min(1, clipNorm / norm);
    gradients.forEach((gradient, k) => {
      const g = gradient * scale;
      first[k] = 0.9 * first[k]! + 0.1 * g;
      second[k] = 0.999 * second[k]! + 0.001 * g * g;
      const mean = first[k] / (1 - 0.9 ** step);
      const square = second[k] / (1 - 0.999 ** step);
      weights[k]! -= (RATE * mean) / (Math.sqrt(square) + 1e-8);
    });
    return weights;
  };
}

const kernels = { plain: () => new PlainKernel(), simd: () => createSimdKernel()! };

for (const [name, kernel] of Object.entries(kernels)) {
  describe(`optimiser on the ${name} kernel`, () => {
    /** Gradients of very different size from step to step, so that it shows which of them were clipped. */
    const SIZES = [50, 0.02, 8, 0.3, 20];
    for (const clipNorm of [0.5, 1e9]) {
      test(`takes Adam's steps on gradients clipped to a norm of ${clipNorm}`, () => {
        const { pass, step } = preparePass(kernel());
        const reference = adam(pass.parameters(), clipNorm);
        const norms: number[] = [];
        SIZES.forEach((size, k) => {
          const gradients = step(size);
          norms.push(Math.hypot(...gradients));
          pass.update(k + 1, RATE, clipNorm);
          const expected = reference(k + 1, gradients);
          pass.parameters().forEach((value, i) => {
            assert.ok(
              Math.abs(value - expected[i]!) < 2e-6,
              `step ${k + 1}, weight ${i}: ${value} is not ${expected[i]}`,
            );
          });
        });
        assert.ok(Math.max(...norms) > 0.5 && Math.min(...norms) < 0.5, 'some are clipped and some are not');
      });
    }
  });
}

test('gradients are those of the answers by finite differences', () => {
  const { pass, setInputs } = preparePass(new PlainKernel());
  const start = pass.parameters();
  const random = createRandom(9);
  const answers = (SHAPE.steps - SHAPE.from) * SHAPE.batch * pass.layout.outputs;
  const direction = Float32Array.from({ length: answers }, () => random() - 0.5);
  const along = (parameters: Float32Array): number => {
    pass.load(parameters);
    setInputs();
    pass.forward();
    return replaceAnswers(pass, (value) => value).reduce((sum, answer, k) => sum + answer * direction[k]!, 0);
  };
  pass.forward();
  replaceAnswers(pass, (_, k) => direction[k]!);
  pass.backward();
  const gradients = pass.gradients();
  const largest = gradients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  gradients.forEach((gradient, i) => {
    if (gradient === 0 && start[i] === 0) return; // padding, and biases of a head that stay as they are
    const moved = (by: number) => start.with(i, start[i]! + by);
    const slope = (along(moved(5e-3)) - along(moved(-5e-3))) / 1e-2;
    assert.ok(Math.abs(slope - gradient) < 2e-3 * largest, `weight ${i}: ${gradient} is not ${slope}`);
  });
});
