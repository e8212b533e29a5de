import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addDays, parseDay, weekday } from '../../../core/series/day.ts';
import { dayInYear, easterSunday, yearlyDatesOf, yearOf } from '../../../core/series/holidayRules.ts';

test('Easter falls where the church has it, at both ends of its range and beside its exceptions', () => {
  // 1818 and 2285 are the earliest day there is, 1943 and 2038 the latest; 1954, 1981, 2049, 2076 test the exceptions.
  for (const day of [
    '1818-03-22',
    '2285-03-22',
    '1943-04-25',
    '2038-04-25',
    '1954-04-18',
    '1981-04-19',
    '2049-04-18',
    '2076-04-19',
    '1961-04-02',
    '2000-04-23',
    '2019-04-21',
    '2024-03-31',
    '2025-04-20',
  ]) {
    assert.equal(easterSunday(Number(day.slice(0, 4))), day);
  }
});

describe('a yearly date', () => {
  test('by month and date does not occur where the month is too short', () => {
    assert.equal(dayInYear({ kind: 'date', month: 2, date: 29 }, 2024), '2024-02-29');
    assert.equal(dayInYear({ kind: 'date', month: 2, date: 29 }, 2023), undefined);
    assert.equal(dayInYear({ kind: 'date', month: 12, date: 31 }, 2023), '2023-12-31');
  });

  test('by weekday of the month counts from the front or is the last', () => {
    const monday = (nth: number, month = 9, year = 2024) =>
      dayInYear({ kind: 'nth-weekday', month, weekday: 1, nth }, year);
    assert.deepEqual(
      [1, 2, 3, 4, 5, -1].map((nth) => monday(nth)),
      ['2024-09-02', '2024-09-09', '2024-09-16', '2024-09-23', '2024-09-30', '2024-09-30'],
    );
    assert.deepEqual(
      [5, -1].map((nth) => monday(nth, 5, 2023)),
      ['2023-05-29', '2023-05-29'],
    );
    assert.deepEqual(
      [5, -1].map((nth) => monday(nth, 2, 2024)),
      [undefined, '2024-02-26'],
    );
    assert.equal(monday(1, 7, 2024), '2024-07-01', 'the first of the month may be the first of its weekday');
  });

  test('by weekday from a date on may be that date', () => {
    const tuesday = (year: number) => dayInYear({ kind: 'weekday-from', month: 11, date: 2, weekday: 2 }, year);
    assert.deepEqual([1960, 1964, 1965].map(tuesday), ['1960-11-08', '1964-11-03', '1965-11-02']);
  });

  test('by distance from Easter', () => {
    assert.equal(dayInYear({ kind: 'easter', offset: -2 }, 2024), '2024-03-29');
    assert.equal(dayInYear({ kind: 'easter', offset: 60 }, 2024), '2024-05-30');
  });
});

test('a day is an instance of each of the dates it could be, and of no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (offset) => {
      const day = addDays(parseDay('1950-01-01'), offset);
      const dates = yearlyDatesOf(day);
      for (const when of dates) assert.equal(dayInYear(when, yearOf(day)), day, JSON.stringify(when));
      const isLast = addDays(day, 7).slice(5, 7) !== day.slice(5, 7);
      assert.equal(
        dates.some((when) => when.kind === 'nth-weekday' && when.nth === -1),
        isLast,
      );
      assert.equal(dates.filter((when) => when.kind === 'date').length, 1);
      assert.equal(dates.filter((when) => when.kind === 'nth-weekday' && when.nth > 0).length, 1);
      const fromEaster = Math.round((Date.parse(day) - Date.parse(easterSunday(yearOf(day)))) / 86_400_000);
      assert.equal(
        dates.some((when) => when.kind === 'easter'),
        Math.abs(fromEaster) <= 70,
      );
      assert.equal(weekday(easterSunday(yearOf(day))), 0);
    }),
  );
});
