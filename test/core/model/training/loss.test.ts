import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FEATURES } from '../../../../core/model/features.ts';
import { withKernel } from '../../../../core/model/kernel/acquire.ts';
import { layoutOf, toParameters, toWeights } from '../../../../core/model/layout.ts';
import { lossOf } from '../../../../core/model/training/loss.ts';
import { Pass } from '../../../../core/model/pass.ts';
import type { Sequence } from '../../../../core/model/training/sequences.ts';
import { DEFAULT_SPEC, type ModelSpec } from '../../../../core/model/spec.ts';
import { createRandom, normal } from '../../../../core/random.ts';

const spec: ModelSpec = {
  ...DEFAULT_SPEC,
  units: [5, 3],
  dropout: 0.3,
  horizon: 2,
  batch: 10,
  warmup: 3,
  sequenceLength: 7,
};
const random = createRandom(3);
/** One sequence fewer than the batch has room for; some targets are not asked for. */
const sequences = Array.from({ length: spec.batch - 1 }, (): Sequence => {
  const targets = (spec.sequenceLength - spec.warmup) * spec.horizon;
  return {
    features: Float32Array.from({ length: spec.sequenceLength * FEATURES }, () => normal(random)),
    targets: Float64Array.from({ length: targets }, () => (random() < 0.2 ? Number.NaN : 2 * normal(random))),
  };
});
/** Large enough that each step, sequence and day has a forecast of its own. */
const layout = layoutOf(spec);
const parameters = toParameters(
  layout,
  toWeights(layout, new Float32Array(layout.size)).map((weight) => ({
    ...weight,
    values: weight.values.map(() => 0.7 * normal(random)),
  })),
);

function shapeOf({ sequenceLength, batch, warmup }: ModelSpec) {
  return { steps: sequenceLength, batch, from: warmup, training: true };
}

/** The mean loss a target of the whole network, and its gradient. */
function evaluate(weights: Float32Array): { mean: number; gradient: Float32Array } {
  return withKernel((kernel) => {
    const pass = new Pass(kernel, spec, shapeOf(spec));
    pass.load(weights);
    sequences.forEach((sequence, index) => {
      pass.setInput(index, sequence.features);
    });
    pass.forward(17);
    const { loss, targets } = lossOf(pass, spec, sequences);
    pass.backward(17);
    return { mean: loss / targets, gradient: pass.gradients() };
  });
}

test('the gradient of the whole loss is that of central differences, in every direction', () => {
  const { gradient } = evaluate(parameters);
  const used = [...gradient.keys()].filter((k) => gradient[k] !== 0);
  assert.ok(used.length > 200, `${used.length} weights have a gradient`);
  const directions = [
    ...used.map((k) => [k]), // each weight alone
    ...Array.from({ length: 20 }, () => used.filter(() => random() < 0.5)),
  ];
  const largest = Math.max(...gradient.map(Math.abs));
  for (const direction of directions) {
    const step = 2 ** -9 / Math.sqrt(direction.length);
    const moved = (by: number): number => {
      const weights = parameters.slice();
      for (const k of direction) weights[k]! += by;
      return evaluate(weights).mean;
    };
    const measured = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
    const expected = direction.reduce((sum, k) => sum + gradient[k]!, 0);
    const tolerance = 2e-3 * largest * Math.sqrt(direction.length);
    assert.ok(
      Math.abs(measured - expected) <= tolerance,
      `weights ${direction.join()}: ${expected}, measured ${measured}`,
    );
  }
});

test('what only fills a register up has no gradient', () => {
  const { gradient } = evaluate(parameters);
  gradient.forEach((slope, k) => {
    if (parameters[k] === 0) assert.equal(slope, 0);
  });
});
