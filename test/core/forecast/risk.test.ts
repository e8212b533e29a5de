import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tailRisk } from '../../../core/forecast/risk.ts';
import { studentTCdf } from '../../../core/stats/studentT.ts';

test('value at risk is undercut with the probability that is said, and the shortfall is the mean of what lies below', () => {
  for (const dof of [3, 5, 30, Infinity])
    for (const level of [0.01, 0.025, 0.05]) {
      const { valueAtRisk, expectedShortfall } = tailRisk({ mean: 0.001, spread: 0.02, dof }, level);
      const below = (change: number): number => studentTCdf((change - 0.001) / 0.02, dof);
      assert.ok(Math.abs(below(valueAtRisk) / level - 1) < 1e-6);
      // Mean over the tail by a thousand thousandths of it, each at its middle: the quantile function by bisection.
      const parts = 2000;
      let sum = 0;
      for (let k = 0; k < parts; k += 1) {
        const p = (level * (k + 0.5)) / parts;
        let [low, high] = [-100, valueAtRisk];
        for (let i = 0; i < 60; i += 1) {
          const middle = (low + high) / 2;
          if (below(middle) < p) low = middle;
          else high = middle;
        }
        sum += low / parts;
      }
      assert.ok(Math.abs(sum / expectedShortfall - 1) < 5e-3, `${dof} ${level}: ${sum} ${expectedShortfall}`);
    }
});

test('of the normal they are the published ones', () => {
  const standard = { mean: 0, spread: 1, dof: Infinity };
  const figures = [0.01, 0.025, 0.05].map((level) => tailRisk(standard, level));
  // McNeil, Frey & Embrechts 2015, table 2.2: quantiles and shortfalls of the standard normal.
  figures.forEach(({ valueAtRisk, expectedShortfall }, i) => {
    assert.ok(Math.abs(valueAtRisk - [-2.3263, -1.96, -1.6449][i]!) < 1e-4);
    assert.ok(Math.abs(expectedShortfall - [-2.6652, -2.3378, -2.0627][i]!) < 1e-4);
  });
});
