import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseNetworkWeight } from '../../../core/forecast/networkWeight.ts';
import { createRandom, normal } from '../../../core/random.ts';

/** Days whose true deviation the network knows (`truth` 1), or only thinks it knows (0). */
function days(count: number, truth: number, seed: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const logRatio = 0.5 * normal(random);
    return { actual: Math.exp(truth * logRatio) * normal(random), dof: Infinity, logRatio };
  });
}

describe('weight of the network', () => {
  it('is most of one where the network knows what the anchor does not', () => {
    const weight = chooseNetworkWeight(days(250, 1, 1), 1);
    assert.ok(weight > 0.7 && weight <= 1, `${weight}`);
  });

  it('is next to nothing where it only thinks so, mostly none at all', () => {
    const weights = Array.from({ length: 40 }, (_, seed) => chooseNetworkWeight(days(250, 0, seed + 1), 1));
    assert.ok(weights.filter((weight) => weight === 0).length >= 30, weights.join());
    assert.ok(Math.max(...weights) < 0.2);
  });

  it('believes the same gain less over days that overlap, and nothing without days or a difference', () => {
    const given = days(60, 1, 2);
    assert.ok(chooseNetworkWeight(given, 5) < chooseNetworkWeight(given, 1));
    assert.equal(chooseNetworkWeight([], 1), 0);
    assert.equal(
      chooseNetworkWeight(
        given.map((day) => ({ ...day, logRatio: 0 })),
        1,
      ),
      0,
    );
  });
});
