import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compared,
  comparedP,
  figure,
  fixed,
  percent,
  price,
  probability,
  signed,
  wholeNumber,
} from '../../../core/prose/figures.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });

test('no figure is ever written with an exponent', () => {
  fc.assert(
    fc.property(finite, fc.integer({ min: 1, max: 12 }), (value, digits) => {
      for (const text of [figure(value, digits), price(value), fixed(value, 2), wholeNumber(value), percent(value)])
        assert.doesNotMatch(text, /e/i);
    }),
    { seed: 13 },
  );
});

test('a figure keeps its significant digits and has its thousands apart', () => {
  assert.equal(figure(10_447.2), '10,450');
  assert.equal(figure(315), '315.0');
  assert.equal(figure(0.000012345, 3), '0.0000123');
  assert.equal(wholeNumber(4968), '4,968');
  assert.equal(fixed(1234.5, 2), '1,234.50');
});

test('a price is written as data is: seven digits at most, none added, thousands together', () => {
  assert.equal(price(2940.25), '2940.25');
  assert.equal(price(Math.fround(3239.91)), '3239.91');
  assert.equal(price(0.00000012), '0.00000012');
});

test('a figure that rounds to nothing has no sign', () => {
  assert.equal(percent(-0.0001), '0.0 %');
  assert.equal(signed(-0.001, 2), '0.00');
  assert.equal(signed(0.25, 2), '+0.25');
  assert.equal(percent(-0.002), '-0.2 %');
});

test('a percentage that is not known says so', () => {
  assert.equal(percent(null), 'unknown');
});

test('a p-value too small to mean more than its smallness says that', () => {
  assert.equal(probability(0.0412), '0.0412');
  assert.equal(probability(0.4), '0.4');
  assert.equal(probability(3e-9), 'below 0.0001');
});

test('two figures that differ are written with digits enough to see it; others are called equal', () => {
  assert.deepEqual(compared(0.4441, 0.4438), { first: '0.4441', second: '0.4438', equal: false });
  assert.deepEqual(compared(0.93, 0.928), { first: '0.930', second: '0.928', equal: false });
  assert.deepEqual(compared(0.444, 0.444 + 1e-15), { first: '0.444', second: '0.444', equal: true });
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const { first, second, equal } = compared(a, b);
      assert.equal(equal, first === second);
    }),
    { seed: 13 },
  );
});

test('a p-value and its level are told apart the same way', () => {
  assert.deepEqual(comparedP(0.0829, 0.0833, 2), { first: '0.0829', second: '0.0833', equal: false });
  assert.deepEqual(comparedP(1e-9, 0.05, 2), { first: 'below 0.0001', second: '0.05', equal: false });
});
