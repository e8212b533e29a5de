import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cusum } from '../../../core/stats/cusum.ts';

test('sums what exceeds the allowance and starts again at 0', () => {
  assert.deepEqual([...cusum([1, 2, -3, 0.5, 1], 0.5)], [0.5, 2, 0, 0, 0.5]);
  assert.deepEqual([...cusum([], 0.5)], []);
});
