import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { learnCalendar, missedTradingDays, nextTradingDays } from '../../../core/series/calendar.ts';
import { addDays, dayOfInstant, parseDay, weekday, type TradingDay } from '../../../core/series/day.ts';

// Written by closings.py beside them from an independent calendar.
const closings = JSON.parse(readFileSync('test/fixtures/series/closings.json', 'utf8')) as Record<
  'NYSE' | 'B3',
  string[]
>;

function openDays(exchange: 'NYSE' | 'B3', from: string, to: string): TradingDay[] {
  const closed = new Set(closings[exchange]);
  return everyDay(from, to).filter((day) => weekday(day) % 6 !== 0 && !closed.has(day));
}

function everyDay(from: string, to: string): TradingDay[] {
  const days: TradingDay[] = [];
  for (let day = parseDay(from); day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

const feeds = [
  { name: 'NYSE', timeZone: 'America/New_York', days: openDays('NYSE', '2017-01-01', '2025-06-30') },
  // The one day on which the independent calendar and the quotes of B3 differ.
  {
    name: 'B3',
    timeZone: 'America/Sao_Paulo',
    days: openDays('B3', '2018-01-01', '2025-06-30').filter((day) => day !== '2020-11-20'),
  },
  { name: 'around the clock', timeZone: 'UTC', days: everyDay('2018-01-01', '2025-06-30') },
];

describe('five years of a feed that never misses a day, asked every day', () => {
  for (const { name, timeZone, days } of feeds) {
    const start = days.findIndex((day) => day >= '2020-06-30');

    test(`${name}: never stale, and each next day named in advance`, () => {
      for (let i = start; i + 1 < days.length; i += 1) {
        const known = days.slice(0, i + 1);
        assert.deepEqual(missedTradingDays(known, days[i + 1]!, timeZone), [], `asked on ${days[i + 1]}`);
        assert.deepEqual(nextTradingDays(known, 1, timeZone), [days[i + 1]]);
      }
    });

    test(`${name}: a stop is noticed after one missed trading day`, () => {
      for (let i = start; i + 2 < days.length; i += 7) {
        const known = days.slice(0, i + 1);
        assert.deepEqual(missedTradingDays(known, addDays(days[i + 1]!, 1), timeZone), [days[i + 1]]);
      }
    });
  }
});

describe('an exchange without a table', () => {
  const days = openDays('NYSE', '2008-01-01', '2020-12-31');

  test('yearly closings are learnt by date, weekday of the month and distance from Easter', () => {
    const { isCertain, isTradingDay } = learnCalendar(
      days.filter((day) => day < '2016'),
      'Europe/Nowhere',
    );
    assert.equal(isCertain(parseDay('2018-01-01')), false);
    const closed = [
      '2018-01-01',
      '2018-01-15',
      '2018-03-30',
      '2018-05-28',
      '2018-07-04',
      '2018-09-03',
      '2018-11-22',
      '2018-12-25',
    ];
    for (const day of closed) assert.equal(isTradingDay(parseDay(day)), false, day);
    const open = everyDay('2018-01-01', '2018-12-31').filter((day) => weekday(day) % 6 !== 0 && isTradingDay(day));
    // Washington's Birthday and the day of mourning of 2018-12-05 may be missed, nothing else, and no open day is called closed.
    const wrong = open.filter((day) => !days.includes(day));
    assert.ok(wrong.length <= 2, wrong.join());
    for (const day of days.filter((each) => each.startsWith('2018'))) assert.ok(isTradingDay(day), day);
  });

  test('what happened in the only year known is not yet a holiday', () => {
    const once = days.filter((day) => day >= '2015' && day < '2016' && day !== '2015-06-10');
    assert.equal(learnCalendar(once).isTradingDay(parseDay('2016-06-10')), true);
  });

  test('one absence among years of presence is not a holiday', () => {
    const once = days.filter((day) => day !== '2015-06-10' && day < '2016');
    assert.equal(learnCalendar(once).isTradingDay(parseDay('2020-06-10')), true);
  });
});

describe('rows that a feed makes up on holidays', () => {
  const timeZone = 'America/New_York';
  const { days } = feeds[0]!;
  const known = days.filter((day) => day <= '2021-06-18');
  const withRows = (...madeUp: string[]) => [...known, ...madeUp.map(parseDay)].sort();
  const nextHoliday = parseDay('2021-07-05');

  test('one or two of them leave the exchange its table; three are another market', () => {
    const some = ['2020-12-25', '2021-01-01', '2021-05-31'];
    for (const count of [0, 1, 2, 3]) {
      const calendar = learnCalendar(withRows(...some.slice(0, count)), timeZone);
      assert.equal(calendar.isCertain(nextHoliday), count <= 2, `${count} rows`);
      if (count <= 2) assert.equal(calendar.isTradingDay(nextHoliday), false, `${count} rows`);
    }
  });

  test('those of more than a year ago are forgotten', () => {
    const old = withRows('2019-07-04', '2019-09-02', '2019-11-28', '2019-12-25', '2020-05-25');
    assert.equal(learnCalendar(old, timeZone).isCertain(nextHoliday), true);
  });
});

test('a market in New York that trades through NYSE holidays is not held to them', () => {
  const days = everyDay('2020-01-01', '2022-12-30').filter((day) => weekday(day) % 6 !== 0);
  assert.deepEqual(nextTradingDays(days, 2, 'America/New_York'), ['2023-01-02', '2023-01-03']);
});

test('a week from Sunday to Thursday is learnt', () => {
  const days = everyDay('2020-01-01', '2021-12-31').filter((day) => weekday(day) <= 4);
  assert.deepEqual(nextTradingDays(days.slice(0, -1), 3), ['2021-12-30', '2022-01-02', '2022-01-03']);
});

test('with hardly any history, weekdays are assumed unless a weekend day is there', () => {
  assert.deepEqual(nextTradingDays([parseDay('2024-05-03')], 1), ['2024-05-06']);
  assert.deepEqual(nextTradingDays([parseDay('2024-05-04')], 1), ['2024-05-05']);
  assert.deepEqual(missedTradingDays([], parseDay('2024-05-04')), []);
});

test('the days of a forecast ascend and are trading days', () => {
  const days = feeds[0]!.days.slice(0, 500);
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 499 }), fc.integer({ min: 1, max: 30 }), (known, count) => {
      const part = days.slice(0, known);
      const next = nextTradingDays(part, count, 'America/New_York');
      assert.equal(next.length, count);
      assert.ok(next.every((day, k) => day > (next[k - 1] ?? part.at(-1)!)));
    }),
    { numRuns: 50 },
  );
});

test('weekdays before 1970 are counted right', () => {
  assert.equal(weekday(parseDay('1929-10-29')), 2);
  assert.equal(weekday(dayOfInstant(0)), 4);
});
