import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../core/random.ts';
import { levelForRunLength, recordHighsOf } from '../../../core/drift/recordHighs.ts';

test('records are the successive highs with their days', () => {
  assert.deepEqual(recordHighsOf([0, 2, 1, 3, 3, 5]), { days: [2, 4, 6], values: [2, 3, 5], horizon: 6 });
});

test('what never rises above 0 has no record', () => {
  assert.deepEqual(recordHighsOf([0, 0]), { days: [], values: [], horizon: 2 });
  assert.deepEqual(recordHighsOf([]), { days: [], values: [], horizon: 0 });
});

test('lives that end without an alarm count with their days', () => {
  // Level 1 is passed on day 3 by one life, never by the other of 7 days: ten days for one alarm. Level 2: by none.
  const records = [recordHighsOf([0, 0, 1, 0, 0, 0, 0]), recordHighsOf([0.5, 0, 0, 0, 0, 0, 0])];
  assert.ok(Math.abs(levelForRunLength(records, 10) - 0.5) < 1e-9, 'just above .5 the mean is ten days');
  assert.ok(Math.abs(levelForRunLength(records, 10.1) - 1) < 1e-9, 'only above 1 is it longer');
  assert.ok(levelForRunLength(records, 2) < 1e-9 + 0.5);
});

test('independent uniform days: a level passed once in 50 days is the 98 % point', () => {
  const random = createRandom(1);
  const records = Array.from({ length: 2000 }, () => recordHighsOf(Float64Array.from({ length: 200 }, () => random())));
  assert.ok(Math.abs(levelForRunLength(records, 50) - 0.98) < 0.0014); // 2.2 % of .02 is one standard error of 2,000 lives
});
