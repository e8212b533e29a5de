import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spellHighs, stretchHighs } from '../../../core/drift/spellHighs.ts';

test('a spell is what lies between two zeros, also the one that has not ended', () => {
  assert.deepEqual(spellHighs(Float64Array.of(0, 1, 3, 0, 0, 2, 0, 1, 4)), [3, 2, 4]);
  assert.deepEqual(spellHighs(new Float64Array(5)), []);
});

test('a stretch has its own highest value, days without any count for nothing', () => {
  assert.deepEqual(stretchHighs(Float64Array.of(0, 0, 0, 1, 3, 2, 7), 3), [3, 7]);
});
