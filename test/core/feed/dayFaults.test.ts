import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findDayFaults } from '../../../core/feed/dayFaults.ts';
import { learnCalendar, type TradingCalendar } from '../../../core/series/calendar.ts';
import { addDays, parseDay, weekday, type TradingDay } from '../../../core/series/day.ts';
import { toSeries, type PriceBar } from '../../../core/series/price.ts';

function weekdays(from: string, to: string): TradingDay[] {
  const days: TradingDay[] = [];
  for (let day = parseDay(from); day <= to; day = addDays(day, 1)) if (weekday(day) % 6 !== 0) days.push(day);
  return days;
}
const closeOf = (day: TradingDay) => 100 + Number(day.slice(5, 7)) + Number(day.slice(8, 10)) / 100;
const bar = (day: TradingDay, close = closeOf(day)): PriceBar => ({
  day,
  close,
  open: null,
  high: null,
  low: null,
  adjustedClose: null,
  volume: null,
});
const seriesOf = (days: readonly TradingDay[]) => toSeries(days.map((day) => ({ day, close: closeOf(day) })));

const guessed = learnCalendar([]); // Monday to Friday, its holidays unknown
const certain: TradingCalendar = { isTradingDay: guessed.isTradingDay, isCertain: () => true };
const known = seriesOf(weekdays('2024-01-01', '2024-03-15'));
const next = weekdays('2024-03-18', '2024-04-30');

describe('missing days', () => {
  const gaps = (bars: readonly TradingDay[], calendar = certain, series = known) =>
    findDayFaults(
      series,
      bars.map((day) => bar(day)),
      calendar,
    ).map(({ kind, day, lastDay }) => [kind, day, lastDay]);

  test('after the last known day are named, one or many', () => {
    assert.deepEqual(findDayFaults(known, [bar(next[1]!)], certain), [
      {
        kind: 'missing-days',
        day: '2024-03-18',
        lastDay: '2024-03-18',
        evidence: { days: 1, after: '2024-03-15', before: '2024-03-19' },
        sentence: '1 trading day(s) are missing from the feed: 2024-03-18.',
      },
    ]);
    const [fault] = findDayFaults(known, [bar(next[3]!)], certain);
    assert.equal(fault!.sentence, '3 trading day(s) are missing from the feed: 2024-03-18 to 2024-03-20.');
    assert.deepEqual([fault?.kind === 'missing-days' && fault.evidence.days, fault?.lastDay], [3, '2024-03-20']);
  });

  test('are a fault a gap, whatever the order and overlap of the bars', () => {
    const bars = [next[8]!, next[0]!, next[0]!, next[4]!, next[1]!, parseDay('2024-03-14'), next[5]!];
    assert.deepEqual(gaps(bars), [
      ['missing-days', next[2]!, next[3]!],
      ['missing-days', next[6]!, next[7]!],
    ]);
    assert.deepEqual(gaps(next), []);
    assert.deepEqual(gaps([]), []);
    assert.deepEqual(gaps([parseDay('2024-01-04'), parseDay('2024-01-09')]), [], 'known days need not be sent again');
  });

  test('of which the calendar is not sure are believed up to two, or as many as the series has missed before', () => {
    const after = (missing: number) => [next[missing]!];
    assert.deepEqual(gaps(after(2), guessed), []);
    assert.deepEqual(gaps(after(3), guessed), [['missing-days', next[0]!, next[2]!]]);
    const days = weekdays('2024-01-01', '2024-03-15');
    const holed = seriesOf([...days.slice(0, 20), ...days.slice(24)]);
    assert.deepEqual(gaps(after(4), guessed, holed), []);
    assert.deepEqual(gaps(after(5), guessed, holed), [['missing-days', next[0]!, next[4]!]]);
    assert.deepEqual(gaps(after(1), certain, holed), [['missing-days', next[0]!, next[0]!]]);
    const partly = { ...guessed, isCertain: (day: TradingDay) => day !== next[1]! };
    assert.deepEqual(gaps(after(2), partly), [], 'one day in doubt leaves the whole gap in doubt');
  });

  test('in a first pull are those between its own days', () => {
    assert.deepEqual(gaps([next[0]!, next[2]!], certain, seriesOf([])), [['missing-days', next[1]!, next[1]!]]);
    assert.deepEqual(gaps([next[3]!], certain, seriesOf([])), []);
  });

  test('are not those that were sent under another name', () => {
    const may = seriesOf(weekdays('2024-03-01', '2024-05-08'));
    const swapped = bar(parseDay('2024-09-05'), closeOf(parseDay('2024-05-09')));
    const faults = findDayFaults(may, [swapped, bar(parseDay('2024-05-10'))], certain);
    assert.deepEqual(
      faults.map(({ kind, day }) => [kind, day]),
      [['swapped-date', '2024-09-05']],
    );
  });
});
