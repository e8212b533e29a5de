import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { meanOf, momentsOf } from '../../../core/stats/moments.ts';

test('mean and sample deviation of a textbook sample', () => {
  // Sum 40, squares about the mean 32: over n - 1 = 7.
  const { mean, deviation } = momentsOf([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.equal(mean, 5);
  assert.ok(Math.abs(deviation - Math.sqrt(32 / 7)) < 1e-15);
  assert.equal(meanOf([1, 2, 6]), 3);
});

test('one value deviates by nothing, none has no mean', () => {
  assert.deepEqual(momentsOf([7]), { mean: 7, deviation: 0 });
  assert.ok(Number.isNaN(momentsOf([]).mean) && Number.isNaN(meanOf([])));
});

test('rounding is no deviation, and a deviation that is small beside the mean is one', () => {
  const third = 1 / 3;
  assert.equal(momentsOf(Array.from({ length: 100 }, () => 0.1 + third)).deviation, 0);
  assert.ok(momentsOf([1e6, 1e6 + 1e-3]).deviation > 0);
  assert.ok(momentsOf([-1, 1]).deviation > 1.4, 'a mean of 0 hides nothing');
});

test('the deviation goes with the unit and stays with the origin', () => {
  const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.1, max: 50, noNaN: true }), (sample, unit) => {
      const base = momentsOf(sample);
      const moved = momentsOf(sample.map((value) => 3 - unit * value));
      assert.ok(Math.abs(moved.mean - (3 - unit * base.mean)) < 1e-9 * (1 + unit * 100));
      assert.ok(Math.abs(moved.deviation - unit * base.deviation) < 1e-8 * unit * 100);
    }),
  );
});
