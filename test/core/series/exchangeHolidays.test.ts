import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { weekday } from '../../../core/series/day.ts';
import { closedDays, holidaysOf } from '../../../core/series/exchangeHolidays.ts';

// Written by closings.py beside them from an independent calendar.
const closings = JSON.parse(readFileSync('test/fixtures/series/closings.json', 'utf8')) as Record<
  'NYSE' | 'B3',
  string[]
>;

function closedWeekdays(timeZone: string): string[] {
  const holidays = holidaysOf(timeZone)!;
  const days: string[] = [];
  for (let year = holidays.knownFrom; year <= 2030; year += 1) {
    days.push(...[...closedDays(holidays, year)].filter((day) => weekday(day) % 6 !== 0));
  }
  return days.sort();
}

test('NYSE closings from 1928 to 2030 are those of an independent calendar', () => {
  assert.deepEqual(closedWeekdays('America/New_York'), closings.NYSE);
});

test('B3 closings from 2018 to 2030 likewise, but for 2020-11-20, on which quotes are absent', () => {
  assert.deepEqual(closedWeekdays('America/Sao_Paulo'), [...closings.B3, '2020-11-20'].sort());
});

test('other time zones have no table', () => {
  assert.equal(holidaysOf('Europe/London'), undefined);
});
