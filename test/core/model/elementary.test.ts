import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gammaln } from 'simple-statistics';
import { digamma, exponential, logarithm, logGamma } from '../../../core/model/elementary.ts';

const EULER = 0.57721566490153286061;
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

test('log Γ has known values and steps by log x', () => {
  assertWithin(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
  assertWithin(logGamma(10), Math.log(362_880), 1e-13 * 13);
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 500, noNaN: true }), (x) => {
      assertWithin(logGamma(x + 1) - logGamma(x), Math.log(x), 1e-11);
      assertWithin(logGamma(x), gammaln(x), 1e-9 * Math.max(1, Math.abs(gammaln(x))));
    }),
  );
});

test('ψ has known values and is the slope of log Γ', () => {
  assertWithin(digamma(1), -EULER, 1e-12);
  assertWithin(digamma(0.5), -EULER - 2 * Math.LN2, 1e-12);
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 400, noNaN: true }), (x) => {
      const step = 1e-4 * x;
      assertWithin(digamma(x), (logGamma(x + step) - logGamma(x - step)) / (2 * step), 1e-6 * Math.max(1, 1 / x));
    }),
  );
});
