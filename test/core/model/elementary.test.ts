import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exponential, logarithm } from '../../../core/model/elementary.ts';

const assertWithin = (actual: number, expected: number, tolerance: number): void => {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected}`);
};

test('the logarithm is right to two units in the last place', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      assertWithin(logarithm(x), Math.log(x), 2 * Number.EPSILON * Math.abs(Math.log(x)));
    }),
  );
  assert.equal(logarithm(1), 0);
  assertWithin(logarithm(1 + 2 ** -40), 2 ** -40 - 2 ** -81, 1e-27);
});

test('the exponential is right to two units in the last place, and finite for every finite number', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => {
      assertWithin(exponential(x), Math.exp(x), 2 * Number.EPSILON * Math.exp(x));
    }),
  );
  assert.equal(exponential(0), 1);
  assert.equal(exponential(-1e9), 0);
  assert.ok(Number.isFinite(exponential(1e9)));
  assert.ok(Number.isNaN(exponential(Number.NaN)));
});
