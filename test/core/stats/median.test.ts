import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { upperMedian } from '../../../core/stats/median.ts';

describe('the upper median', () => {
  it('is the value in the middle by size, not by place', () => {
    assert.equal(upperMedian([9, 1, 5]), 5);
    assert.equal(upperMedian([10, 9, 100]), 10, 'as numbers, not as text');
  });

  it('of an even number of values is the larger of the two in the middle', () => {
    assert.equal(upperMedian([4, 1, 3, 2]), 3);
  });

  it('of values that are mostly infinite is infinite, and of none not a number', () => {
    assert.equal(upperMedian([Infinity, 1, Infinity]), Infinity);
    assert.equal(upperMedian([]), Number.NaN);
  });

  it('leaves the values as they stood', () => {
    const values = [3, 1, 2];
    upperMedian(values);
    assert.deepEqual(values, [3, 1, 2]);
  });
});
