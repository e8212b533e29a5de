import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviationOf, poolDistributions, poolWithGarch } from '../../../core/forecast/pool.ts';

const network = { mean: 0.004, spread: 0.02, dof: 4 };
const anchor = { mean: 0.001, spread: 0.03, dof: 12 };
const near = (actual: number, expected: number) => {
  assert.ok(Math.abs(actual - expected) < 1e-15, `${actual} is not ${expected}`);
};

describe('pool of network and anchor', () => {
  it('is the anchor where the network is worth nothing', () => {
    assert.deepEqual(poolDistributions(network, anchor, { shrinkage: 0, weight: 0 }), anchor);
  });

  it('moves the deviation from the anchor to the network on the log scale, and keeps the tail of the anchor', () => {
    for (const weight of [0.25, 0.5, 1]) {
      const pooled = poolDistributions(network, anchor, { shrinkage: 0.25, weight });
      near(deviationOf(pooled), deviationOf(anchor) ** (1 - weight) * deviationOf(network) ** weight);
      assert.equal(pooled.dof, 12);
      near(pooled.mean, 0.001 + 0.25 * 0.004);
    }
  });
});

describe('pool of network and GARCH model, of models stored earlier', () => {
  it('has the geometric mean of the deviations, the harmonic mean of the degrees of freedom, half the mean of the GARCH model', () => {
    const { mean, spread, dof } = poolWithGarch(network, anchor, 0.25);
    near(dof, 6); // 2 / (1/4 + 1/12)
    // A Student-t has the variance spread^2 dof / (dof - 2).
    const [first, second] = [0.02 ** 2 * 2, 0.03 ** 2 * 1.2];
    near((spread ** 2 * 6) / 4, Math.sqrt(first * second));
    near(mean, 0.0005 + 0.25 * 0.004);
  });

  it('takes one normal member as a tail twice as thin, two as a normal', () => {
    const normal = { mean: 0, spread: 1, dof: Infinity };
    assert.deepEqual(poolWithGarch(normal, normal, 0), normal);
    const { spread, dof } = poolWithGarch({ ...normal, spread: 0.5 }, { mean: 0, spread: 1, dof: 4 }, 0);
    near(dof, 8);
    near((spread ** 2 * 8) / 6, Math.sqrt(0.25 * 2));
  });
});
