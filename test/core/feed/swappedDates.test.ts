import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findSwappedDates } from '../../../core/feed/swappedDates.ts';
import { learnCalendar } from '../../../core/series/calendar.ts';
import { addDays, parseDay, weekday, type TradingDay } from '../../../core/series/day.ts';
import { toSeries, type PriceBar } from '../../../core/series/price.ts';

const calendar = learnCalendar([]); // Monday to Friday
function weekdays(from: string, to: string): TradingDay[] {
  const days: TradingDay[] = [];
  for (let day = parseDay(from); day <= to; day = addDays(day, 1)) if (weekday(day) % 6 !== 0) days.push(day);
  return days;
}
/** A close that tells its day. */
const closeOf = (day: TradingDay) => 100 + Number(day.slice(5, 7)) + Number(day.slice(8, 10)) / 100;
const bar = (sentAs: string, ofDay = sentAs): PriceBar => ({
  day: parseDay(sentAs),
  close: closeOf(parseDay(ofDay)),
  open: null,
  high: null,
  low: null,
  adjustedClose: null,
  volume: null,
});
const known = toSeries(weekdays('2024-01-01', '2024-04-02').map((day) => ({ day, close: closeOf(day) })));
const find = (bars: PriceBar[], series = known) => findSwappedDates(series, bars, calendar);
const pairs = (bars: PriceBar[], series = known) =>
  find(bars, series).map(({ day, evidence }) => [day, evidence['meant']]);

describe('the day that is owed', () => {
  test('sent with day and month exchanged is named, with the day that was meant', () => {
    // The third of April, sent as the fourth of March, which is known with another close.
    assert.deepEqual(find([bar('2024-03-04', '2024-04-03')]), [
      {
        kind: 'swapped-date',
        day: '2024-03-04',
        lastDay: '2024-03-04',
        evidence: { sentAs: '2024-03-04', meant: '2024-04-03', close: 104.03 },
        sentence: 'The bar sent for 2024-03-04 is that of 2024-04-03: day and month are swapped.',
      },
    ]);
  });

  test('may be the last but one of several, or have sound ones after it', () => {
    const sound = weekdays('2024-04-04', '2024-04-10').map((day) => bar(day));
    assert.deepEqual(pairs([bar('2024-03-04', '2024-04-03'), ...sound]), [['2024-03-04', '2024-04-03']]);
    const overlap = weekdays('2024-03-28', '2024-04-02').map((day) => bar(day));
    assert.deepEqual(pairs([...overlap, bar('2024-03-04', '2024-04-03')]), [['2024-03-04', '2024-04-03']]);
  });

  test('sent as a day far ahead, or as one the exchange is closed, is told as well', () => {
    const later = toSeries(weekdays('2024-05-01', '2024-06-04').map((day) => ({ day, close: closeOf(day) })));
    assert.deepEqual(pairs([bar('2024-05-06', '2024-06-05')], later), [['2024-05-06', '2024-06-05']]);
    const march = toSeries(weekdays('2024-01-01', '2024-03-06').map((day) => ({ day, close: closeOf(day) })));
    assert.deepEqual(pairs([bar('2024-07-03', '2024-03-07')], march), [['2024-07-03', '2024-03-07']]);
    const may = toSeries(weekdays('2024-04-01', '2024-05-08').map((day) => ({ day, close: closeOf(day) })));
    assert.deepEqual(pairs([bar('2024-09-05', '2024-05-09')], may), [['2024-09-05', '2024-05-09']]);
  });
});

describe('a bar is left alone', () => {
  test('where it is a known day with its known close, be it rounded', () => {
    assert.deepEqual(pairs([bar('2024-03-04')]), []);
    assert.deepEqual(pairs([{ ...bar('2024-03-04'), close: closeOf(parseDay('2024-03-04')) * (1 + 9e-7) }]), []);
    assert.deepEqual(pairs([{ ...bar('2024-03-04'), close: closeOf(parseDay('2024-03-04')) * (1 + 2e-6) }]), [
      ['2024-03-04', '2024-04-03'],
    ]);
  });

  test('where it stands beside the days it belongs to', () => {
    assert.deepEqual(pairs(weekdays('2024-04-03', '2024-04-12').map((day) => bar(day))), []);
    assert.deepEqual(pairs([bar('2024-04-03')]), []);
  });

  test('where the day exchanged is there already, closed, long past or not yet due', () => {
    assert.deepEqual(pairs([bar('2024-03-04', '2024-04-03'), bar('2024-04-03')]), [], 'sent as well');
    assert.deepEqual(pairs([bar('2024-02-01', '2024-01-02')]), [], 'known');
    assert.deepEqual(pairs([bar('2024-03-05', '2024-05-03')]), [], 'not yet due');
    const until = toSeries(weekdays('2024-01-01', '2024-04-05').map((day) => ({ day, close: closeOf(day) })));
    assert.deepEqual(pairs([bar('2024-06-04', '2024-04-06')], until), [], 'a Saturday');
    const recent = toSeries(weekdays('2024-04-01', '2024-04-02').map((day) => ({ day, close: closeOf(day) })));
    assert.deepEqual(pairs([bar('2024-02-03', '2024-03-02')], recent), [], 'before all that is known');
  });

  test('where exchanging gives no other day', () => {
    assert.deepEqual(pairs([{ ...bar('2024-03-13'), close: 1 }]), [], 'there is no thirteenth month');
    assert.deepEqual(pairs([{ ...bar('2024-03-03'), close: 1 }]), [], 'the third of March is the third of March');
  });
});

describe('a first pull', () => {
  const empty = toSeries([]);

  test('is judged by its own days: one out of place among them is named', () => {
    const days = weekdays('2024-04-01', '2024-04-12').map((day) =>
      day === '2024-04-03' ? bar('2024-03-04', day) : bar(day),
    );
    assert.deepEqual(pairs(days, empty), [['2024-03-04', '2024-04-03']]);
  });

  test('a day sent twice is one of them out of place', () => {
    const days = weekdays('2024-04-01', '2024-05-10').map((day) =>
      day === '2024-05-04' || day === '2024-05-06' ? bar('2024-05-06') : bar(day),
    );
    const doubled = [...days.filter((each) => each.day !== '2024-04-05'), bar('2024-05-04', '2024-04-05')];
    assert.deepEqual(pairs(doubled, empty), [['2024-05-04', '2024-04-05']]);
    const twice = [
      ...weekdays('2024-04-01', '2024-05-10')
        .filter((day) => day !== '2024-04-05')
        .map((day) => bar(day)),
    ];
    assert.deepEqual(pairs([...twice, bar('2024-05-07')], empty), []);
  });

  test('of nothing, or of days that fit nowhere, finds nothing', () => {
    assert.deepEqual(pairs([], empty), []);
    assert.deepEqual(pairs([bar('2024-04-06')], empty), []);
  });
});
