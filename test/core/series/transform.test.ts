import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChange, asChanges, chooseTransform, toChanges } from '../../../core/series/transform.ts';

test('n levels have n - 1 changes, from each to the next', () => {
  const returns = toChanges([100, 110, 99], 'log-return');
  assert.equal(returns.length, 2);
  assert.ok(Math.abs(returns[0]! - Math.log(1.1)) < 1e-15 && Math.abs(returns[1]! - Math.log(0.9)) < 1e-15);
  assert.deepEqual([...toChanges([3, -1, 0], 'difference')], [-4, 1]);
  for (const few of [[], [5]]) assert.equal(toChanges(few, 'log-return').length, 0);
});

test('a change applied to the level before it gives the level after it', () => {
  assert.ok(Math.abs(applyChange(100, Math.log(1.1), 'log-return') - 110) < 1e-9);
  assert.equal(applyChange(100, -4, 'difference'), 96);
});

test('levels that cannot be are refused, the first and the last among them, with their place', () => {
  const refused = (levels: number[], transform: 'log-return' | 'difference', message: string) => {
    assert.throws(() => toChanges(levels, transform), { code: 'INVALID_PRICE', message });
  };
  refused([0, 1], 'log-return', 'Value 1 of the series is 0; expected a finite number above 0.');
  refused([1, 2, -3], 'log-return', 'Value 3 of the series is -3; expected a finite number above 0.');
  refused([1, Number.NaN, 3], 'difference', 'Value 2 of the series is NaN; expected a finite number.');
  refused([1, Infinity], 'log-return', 'Value 2 of the series is Infinity; expected a finite number above 0.');
  assert.deepEqual([...toChanges([0, -1], 'difference')], [-1]);
});

test('log returns are chosen where every level is positive', () => {
  assert.equal(chooseTransform([1, 2, 0.001]), 'log-return');
  for (const levels of [
    [1, 0, 2],
    [-1, 2],
    [1, Number.NaN],
    [2, 1, -3],
  ])
    assert.equal(chooseTransform(levels), 'difference');
});

test('numbers known to be changes are the same numbers', () => {
  const values = Float64Array.of(1, 2);
  assert.equal(asChanges(values), values);
});
