import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, dayNumber, dayOfInstant, daysBetween, parseDay, weekday } from '../../../core/series/day.ts';

test('an existing day is taken as written', () => {
  for (const text of ['2024-02-29', '1969-12-31', '2000-01-01', '0001-01-01', '9999-12-31'])
    assert.equal(parseDay(text), text);
});

test('anything else is refused, with what was read and how to write it', () => {
  for (const text of [
    '2023-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-1-01',
    '24-01-01',
    '0000-01-01',
    '0000-12-31',
    '2024/01/01',
    ' 2024-01-01',
    '2024-01-01T00:00',
    '',
  ]) {
    assert.throws(() => parseDay(text), {
      code: 'INVALID_DAY',
      message: `"${text}" is not a day; write it as YYYY-MM-DD, for example 2025-07-20.`,
    });
  }
  assert.throws(() => parseDay('x'.repeat(100)), { message: new RegExp(`^"${'x'.repeat(40)}" is not a day`) });
});

test('days are counted from 1970, across leap days and backwards', () => {
  assert.deepEqual(
    ['1970-01-01', '1970-01-02', '1969-12-31'].map((text) => dayNumber(parseDay(text))),
    [0, 1, -1],
  );
  assert.equal(addDays(parseDay('2024-02-28'), 2), '2024-03-01');
  assert.equal(addDays(parseDay('2023-02-28'), 1), '2023-03-01');
  assert.equal(addDays(parseDay('2024-01-01'), -1), '2023-12-31');
  assert.equal(daysBetween(parseDay('2024-01-01'), parseDay('2025-01-01')), 366);
  assert.equal(daysBetween(parseDay('2025-01-01'), parseDay('2024-01-01')), -366);
});

test('the day of an instant is that of UTC', () => {
  assert.equal(dayOfInstant(Date.UTC(2024, 4, 3, 23, 59, 59, 999)), '2024-05-03');
  assert.equal(dayOfInstant(Date.UTC(2024, 4, 4)), '2024-05-04');
});

test('weekdays go round, and a step forward is undone by a step back', () => {
  assert.equal(weekday(parseDay('2024-05-05')), 0); // a Sunday
  assert.equal(weekday(parseDay('2024-05-04')), 6);
  fc.assert(
    fc.property(fc.integer({ min: -30_000, max: 30_000 }), fc.integer({ min: -4000, max: 4000 }), (from, step) => {
      const day = addDays(parseDay('1970-01-01'), from);
      const other = addDays(day, step);
      assert.equal(addDays(other, -step), day);
      assert.equal(daysBetween(day, other), step);
      assert.equal(weekday(addDays(day, 1)), (weekday(day) + 1) % 7);
      assert.equal(day < other, step > 0);
    }),
  );
});
