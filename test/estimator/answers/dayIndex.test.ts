import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { firstIndexFrom } from '../../../estimator/answers/dayIndex.ts';

test('the index found splits the days into those before and those from the day asked for', () => {
  const first = parseDay('2020-02-27');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60), { maxLength: 20 }), fc.integer({ min: -2, max: 62 }), (offsets, asked) => {
      const days = offsets.sort((a, b) => a - b).map((offset) => addDays(first, offset));
      const day = addDays(first, asked);
      assert.equal(firstIndexFrom(days, day), days.filter((each) => each < day).length);
    }),
  );
});
