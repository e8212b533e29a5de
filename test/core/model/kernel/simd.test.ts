import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Kernel } from '../../../../core/model/kernel/kernel.ts';
import { PlainKernel } from '../../../../core/model/kernel/plain.ts';
import { loadModule } from '../../../../core/model/kernel/modules.ts';
import { createSimdKernel } from '../../../../core/model/kernel/simd.ts';
import { Pass } from '../../../../core/model/pass.ts';
import { initialParameters } from '../../../../core/model/training/initial.ts';
import { DEFAULT_SPEC } from '../../../../core/model/spec.ts';
import { createRandom } from '../../../../core/random.ts';
import { replaceAnswers } from '../answers.ts';

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
  let answers: Float32Array = new Float32Array();
  for (let step = 1; step <= 3; step += 1) {
    for (let sequence = 0; sequence < batch; sequence += 1) {
      pass.setInput(
        sequence,
        Float32Array.from({ length: steps * 8 }, () => 6 * random() - 3),
      );
    }
    pass.forward(step);
    answers = replaceAnswers(pass, (value) => value + random() - 0.5);
    pass.backward(step);
    pass.update(step, 0.05, 1);
  }
  return [answers, pass.gradients(), pass.parameters()];
}

test('both modules give the bits of the plain kernel for any units, batch and length', () => {
  const units = fc.array(fc.integer({ min: 1, max: 21 }), { minLength: 1, maxLength: 3 });
  const batch = fc.integer({ min: 1, max: 18 });
  fc.assert(
    fc.property(units, batch, fc.integer({ min: 1, max: 37 }), fc.integer(), (units, batch, steps, seed) => {
      const plain = trainOnNoise(new PlainKernel(), units, batch, steps, seed);
      for (const backend of ['wasm-fma', 'wasm-simd'] as const) {
        const kernel = createSimdKernel(loadModule([backend]))!; // this machine runs both
        assert.equal(kernel.backend, backend);
        assert.deepEqual(trainOnNoise(kernel, units, batch, steps, seed), plain);
      }
      assert.ok(plain[1]!.some((gradient) => gradient !== 0));
    }),
    { numRuns: 30 },
  );
});
