import assert from 'node:assert/strict';
import { test } from 'node:test';
import { populationStabilityIndex } from '../../../core/stats/psi.ts';

const ramp = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

test('is 0 for the same shares and follows the formula by hand', () => {
  assert.equal(populationStabilityIndex(ramp(0, 100), ramp(0, 100)), 0);
  // Two bins, halves against 30 % and 70 %: 0.2 ln(0.7 / 0.5) - 0.2 ln(0.3 / 0.5).
  const current = [...ramp(0, 30), ...ramp(50, 100), ...ramp(50, 70)];
  const expected = 0.2 * Math.log(0.7 / 0.5) - 0.2 * Math.log(0.3 / 0.5);
  assert.ok(Math.abs(populationStabilityIndex(ramp(0, 100), current, 2) - expected) < 1e-12);
});

test('stays finite where a bin is empty', () => {
  const value = populationStabilityIndex(ramp(0, 100), ramp(90, 100));
  assert.ok(Number.isFinite(value) && value > 1);
});
