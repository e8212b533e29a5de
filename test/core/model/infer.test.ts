import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPredictor } from '../../../core/model/infer.ts';
import { withKernel } from '../../../core/model/kernel/acquire.ts';
import { FIRST_FREE } from '../../../core/model/kernel/kernel.ts';
import { layoutOf, toWeights } from '../../../core/model/layout.ts';
import type { Network } from '../../../core/model/network.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { createRandom, normal } from '../../../core/random.ts';

function randomNetwork(units: readonly number[], seed: number): Network {
  const random = createRandom(seed);
  const spec = { ...DEFAULT_SPEC, units };
  const weights = toWeights(layoutOf(spec), new Float32Array(layoutOf(spec).size)).map((weight) => ({
    ...weight,
    values: weight.values.map(() => random() - 0.5),
  }));
  return { spec, scale: { changeDeviation: 0.01, logVolatilityMean: -4.6, logVolatilityDeviation: 0.4 }, weights };
}

const random = createRandom(1);
let level = 100;
const closes = Float64Array.from({ length: 75 }, () => (level *= Math.exp(0.01 * normal(random))));

test('one window gives the bits that it gives among others, whatever the units', () => {
  for (const units of [[1], [2, 3], [7, 5], [50, 50], [16, 9, 4]]) {
    const predictor = createPredictor(randomNetwork(units, 5));
    predictor.predictRange(closes, 59, 75).forEach((forecast, k) => {
      assert.deepEqual(predictor.predict(closes.subarray(0, 60 + k)), forecast, `units ${units.join()}, window ${k}`);
    });
  }
});

test('predictors that take turns on one memory forecast as each alone', () => {
  const predictors = [randomNetwork([6, 5], 1), randomNetwork([50, 50], 2), randomNetwork([6, 5], 3)].map(
    createPredictor,
  );
  const alone = predictors.map((predictor) => predictor.predict(closes));
  for (const k of [0, 1, 2, 2, 0, 1, 0, 0, 2]) {
    assert.deepEqual(predictors[k]!.predict(closes), alone[k]); // three of each
    if (k === 0) predictors[1]!.predictRange(closes, 59, 75);
    if (k === 2) withKernel((kernel) => kernel.floats.fill(Number.NaN, FIRST_FREE)); // whoever comes next finds what the last one left
  }
});
