import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { poolDistributions } from '../../../core/forecast/pool.ts';

const network = { mean: 0.004, spread: 0.02, dof: 4 };
const classic = { mean: 0.001, spread: 0.03, dof: 12 };
const near = (actual: number, expected: number) => {
  assert.ok(Math.abs(actual - expected) < 1e-15, `${actual} is not ${expected}`);
};

describe('pool of network and anchor', () => {
  it('has the geometric mean of the deviations, the harmonic mean of the degrees of freedom, half the anchor mean', () => {
    const { mean, spread, dof } = poolDistributions(network, classic, 0.25);
    near(dof, 6); // 2 / (1/4 + 1/12)
    // A Student-t has the variance spread^2 dof / (dof - 2).
    const [first, second] = [0.02 ** 2 * 2, 0.03 ** 2 * 1.2];
    near((spread ** 2 * 6) / 4, Math.sqrt(first * second));
    near(mean, 0.0005 + 0.25 * 0.004);
  });

  it('of two equal members is either of them, but for the mean', () => {
    const { mean, spread, dof } = poolDistributions(network, network, 0.5);
    near(spread, network.spread);
    assert.equal(dof, 4);
    near(mean, 0.004);
  });

  it('takes one normal member as a tail twice as thin, two as a normal', () => {
    const normal = { mean: 0, spread: 1, dof: Infinity };
    assert.deepEqual(poolDistributions(normal, normal, 0), normal);
    const { spread, dof } = poolDistributions({ ...normal, spread: 0.5 }, { mean: 0, spread: 1, dof: 4 }, 0);
    near(dof, 8);
    near((spread ** 2 * 8) / 6, Math.sqrt(0.25 * 2));
  });

  it('without an anchor is the network with its mean shrunk', () => {
    assert.deepEqual(poolDistributions(network, null, 0.25), { mean: 0.001, spread: 0.02, dof: 4 });
  });
});
