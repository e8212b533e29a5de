import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { benjaminiHochberg } from '../../../core/stats/benjaminiHochberg.ts';

test('adjusts as scipy.stats.false_discovery_control does (SciPy 1.17.1)', () => {
  // false_discovery_control([0.01, 0.04, 0.03, 0.005, 0.5, 0.2])
  const expected = [0.03, 0.06, 0.06, 0.03, 0.5, 0.24];
  benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.5, 0.2]).forEach((p, k) => {
    assert.ok(Math.abs(p - expected[k]!) < 1e-12, `${k}: ${p}`);
  });
  assert.deepEqual(benjaminiHochberg([]), []);
});

test('never below the p-value, never above 1, and in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }), (pValues) => {
      const adjusted = benjaminiHochberg(pValues);
      adjusted.forEach((value, k) => {
        assert.ok(value >= pValues[k]! && value <= 1);
        adjusted.forEach((other, j) => {
          if (pValues[k]! < pValues[j]!) assert.ok(value <= other);
        });
      });
    }),
  );
});
