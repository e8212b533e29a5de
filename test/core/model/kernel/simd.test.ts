import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Kernel } from '../../../../core/model/kernel/kernel.ts';
import { PlainKernel } from '../../../../core/model/kernel/plain.ts';
import { createSimdKernel } from '../../../../core/model/kernel/simd.ts';
import { Pass } from '../../../../core/model/pass.ts';
import { initialParameters } from '../../../../core/model/initial.ts';
import { DEFAULT_SPEC } from '../../../../core/model/spec.ts';
import { createRandom } from '../../../../core/random.ts';

/** Parameters after some steps of training on noise, and the answers and gradients of the last one. */
function trainOnNoise(
  kernel: Kernel,
  units: readonly number[],
  batch: number,
  steps: number,
  seed: number,
): Float32Array[] {
  const random = createRandom(seed);
  const spec = { ...DEFAULT_SPEC, units, dropout: 0.3 };
  const pass = new Pass(kernel, spec, { steps, batch, from: steps >> 1, training: true });
  pass.load(initialParameters(spec, random).map((weight) => (weight === 0 ? 0 : 3 * weight)));
  let answers = new Float32Array();
  for (let step = 1; step <= 3; step += 1) {
    for (let sequence = 0; sequence < batch; sequence += 1) {
      pass.setInput(
        sequence,
        Float32Array.from({ length: steps * 8 }, () => 6 * random() - 3),
      );
    }
    const view = pass.forward(step);
    answers = view.slice();
    const { outputs, paddedOutputs } = pass.layout;
    for (let k = 0; k < view.length; k += 1) view[k] = k % paddedOutputs < outputs ? view[k]! + random() - 0.5 : 0;
    pass.backward(step);
    pass.update(step, 0.05, 1);
  }
  return [answers, pass.gradients(), pass.parameters()];
}

test('this machine runs the SIMD kernel', () => {
  assert.equal(createSimdKernel()?.backend, 'wasm-simd');
});

test('the SIMD kernel gives the bits of the plain one for any units, batch and length', () => {
  const units = fc.array(fc.integer({ min: 1, max: 21 }), { minLength: 1, maxLength: 3 });
  const batch = fc.integer({ min: 1, max: 11 });
  fc.assert(
    fc.property(units, batch, fc.integer({ min: 1, max: 9 }), fc.integer(), (units, batch, steps, seed) => {
      const plain = trainOnNoise(new PlainKernel(), units, batch, steps, seed);
      const simd = trainOnNoise(createSimdKernel()!, units, batch, steps, seed);
      assert.deepEqual(simd, plain);
      assert.ok(plain[1]!.some((gradient) => gradient !== 0));
    }),
    { numRuns: 60 },
  );
});
