import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, parseDay, weekday } from '../../../core/series/day.ts';
import type { Series } from '../../../core/series/price.ts';
import { checkFreshness } from '../../../shepherd/run/freshness.ts';

/** Weekdays of a month without a holiday in New York or São Paulo. */
const FRIDAY = parseDay('2023-10-06');
const days = Array.from({ length: 29 }, (_, i) => addDays(FRIDAY, i - 28)).filter((day) => weekday(day) % 6 !== 0);
const series: Series = { days, closes: new Float64Array(days.length).fill(100) };

test('a feed is silent after one missed trading day, and never for a weekend or a day that is not over', () => {
  for (const daysLater of [0, 1, 2, 3]) {
    const { result, events } = checkFreshness(series, addDays(FRIDAY, daysLater), 'America/New_York');
    assert.deepEqual([result, events], [{ lastDay: FRIDAY, missed: 0 }, undefined]);
  }
  assert.deepEqual(checkFreshness(series, parseDay('2023-10-10'), 'America/New_York'), {
    result: { lastDay: FRIDAY, missed: 1 },
    events: [
      {
        kind: 'feed:silent',
        payload: { lastDay: FRIDAY, missed: 1, today: '2023-10-10' },
        sentence: 'The feed is silent: 1 trading day(s) are missing after 2023-10-06 (2023-10-09).',
      },
    ],
  });
});

test('the days missed are counted and named by the exchange of the series', () => {
  const { result, events } = checkFreshness(series, parseDay('2023-10-18'), 'America/New_York');
  assert.equal(result.missed, 7);
  assert.match(
    events?.[0]?.sentence ?? '',
    /7 trading day\(s\) are missing after 2023-10-06 \(2023-10-09 to 2023-10-17\)\.$/,
  );
  // São Paulo keeps 12 October as a holiday.
  assert.equal(checkFreshness(series, parseDay('2023-10-18'), 'America/Sao_Paulo').result.missed, 6);
});
