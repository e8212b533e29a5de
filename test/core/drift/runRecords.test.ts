import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../core/random.ts';
import { levelForRunLength, recordsOf } from '../../../core/drift/runRecords.ts';

test('records are the successive highs with their days', () => {
  assert.deepEqual(recordsOf([0, 2, 1, 3, 3, 5]), { days: [2, 4, 6], values: [2, 3, 5], horizon: 6 });
});

test('independent uniform days: a level passed once in 50 days is the 98 % point', () => {
  const random = createRandom(1);
  const records = Array.from({ length: 2000 }, () => recordsOf(Float64Array.from({ length: 200 }, () => random())));
  assert.ok(Math.abs(levelForRunLength(records, 50) - 0.98) < 0.002);
});
