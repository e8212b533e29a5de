import assert from 'node:assert/strict';
import { test } from 'node:test';
import { populationStabilityIndex, PSI_SHIFTED } from '../../lab/psi.ts';

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

test('has ten bins unless told otherwise, each from its edge up to the next', () => {
  const reference = ramp(0, 100);
  // Nine in ten of the values in the first bin, none elsewhere but in the last.
  const current = [...new Array<number>(90).fill(5), ...new Array<number>(10).fill(95)];
  const share = (now: number) => (now - 0.1) * Math.log(now / 0.1);
  const expected = share(0.9) + share(0.1) + 8 * share(0.005);
  assert.ok(Math.abs(populationStabilityIndex(reference, current) - expected) < 1e-12);
  // 10 is the edge of the second bin and belongs to it.
  const onEdge = [...ramp(0, 9), ...ramp(10, 100), 10];
  assert.ok(Math.abs(populationStabilityIndex(reference, onEdge) - share(0.09) - share(0.11)) < 1e-12);
  assert.equal(PSI_SHIFTED, 0.2);
});
