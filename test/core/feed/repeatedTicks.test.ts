import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findRepeatedTicks } from '../../../core/feed/repeatedTicks.ts';
import { learnCalendar, type TradingCalendar } from '../../../core/series/calendar.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { toSeries, type PriceBar } from '../../../core/series/price.ts';

const START = parseDay('2024-01-01');
const day = (k: number) => addDays(START, k);
/** Every day is a trading day unless a test says otherwise. */
const always: TradingCalendar = { isTradingDay: () => true, isCertain: () => true };

/** Closes that never repeat, but for every `every`-th, which repeats the one before. */
function past(count: number, every = Infinity): number[] {
  const closes: number[] = [];
  for (let k = 0; k < count; k += 1) closes.push(k > 0 && k % every === 0 ? closes[k - 1]! : 100 + k);
  return closes;
}

const bar = (k: number, close: number, range?: { open: number; high: number; low: number }): PriceBar => ({
  day: day(k),
  close,
  open: range?.open ?? null,
  high: range?.high ?? null,
  low: range?.low ?? null,
  adjustedClose: null,
  volume: null,
});

function find(closes: readonly number[], bars: readonly PriceBar[], lastBar?: PriceBar, calendar = always) {
  const known = toSeries(closes.map((close, k) => ({ day: day(k), close })));
  return findRepeatedTicks(known, lastBar, bars, calendar);
}

const stuck = (from: number, count: number, close: number) =>
  Array.from({ length: count }, (_, k) => bar(from + k, close));

describe('a copied bar', () => {
  const range = { open: 10, high: 12, low: 9 };
  const last = bar(299, 11, range);

  test('is named with its day and close', () => {
    assert.deepEqual(find(past(300), [bar(300, 11, range)], last), [
      {
        kind: 'repeated-tick',
        day: day(300),
        lastDay: day(300),
        evidence: { close: 11, run: 0, usualShare: 1 / 300 },
        sentence: `The bar of ${day(300)} repeats the one before in open, high, low and close (11).`,
      },
    ]);
  });

  test('must agree in all four prices and have a range', () => {
    for (const change of [{ open: 10.1 }, { high: 12.1 }, { low: 9.1 }]) {
      assert.deepEqual(find(past(300), [bar(300, 11, { ...range, ...change })], last), []);
    }
    assert.deepEqual(find(past(300), [bar(300, 11.1, range)], last), []);
    const flat = { open: 11, high: 11, low: 11 };
    assert.deepEqual(find(past(300), [bar(300, 11, flat)], bar(299, 11, flat)), []);
    assert.deepEqual(find(past(300), [bar(300, 11)], bar(299, 11)), []);
    assert.deepEqual(find(past(300), [bar(300, 11, range)]), [], 'without the bar before there is nothing to copy');
  });

  test('is compared with the bar sent just before it', () => {
    const found = find(
      past(300),
      [bar(300, 20, { open: 19, high: 21, low: 18 }), bar(301, 20, { open: 19, high: 21, low: 18 })],
      last,
    );
    assert.deepEqual(
      found.map((fault) => [fault.day, fault.lastDay]),
      [[day(301), day(301)]],
    );
  });

  test('several in a row are one fault, with a sound bar between them two', () => {
    const copy = (k: number) => bar(k, 11, range);
    const spans = (bars: PriceBar[]) => find(past(300), bars, last).map((fault) => [fault.day, fault.lastDay]);
    assert.deepEqual(spans([copy(300), copy(301), copy(302)]), [[day(300), day(302)]]);
    assert.deepEqual(spans([copy(300), bar(301, 13, range), copy(302), copy(303)]), [
      [day(300), day(300)],
      [day(303), day(303)],
    ]);
  });
});

describe('a run of equal closes', () => {
  /** Unchanged closes in the bars after which the run is named, or none within ten. */
  function namedAfter(closes: readonly number[], calendar = always): number | undefined {
    for (let count = 1; count <= 10; count += 1) {
      if (find(closes, stuck(closes.length, count, closes.at(-1)!), undefined, calendar).length > 0) return count;
    }
    return undefined;
  }

  test('is named once it is less likely than one in a million by the habits of the series', () => {
    // Shares of (repeats + 1) / closes: 1/300, 4/300, 31/300; in little history one in twenty.
    assert.equal(namedAfter(past(300)), 3);
    assert.equal(namedAfter(past(300, 80)), 4);
    assert.equal(namedAfter(past(301, 10)), 5 + 1); // the past itself ends with a repeat
    assert.equal(namedAfter(past(300, 10)), 7);
    assert.equal(namedAfter(past(100)), 5);
    assert.equal(namedAfter(past(101)), 3);
  });

  test('looks at the last thousand closes only', () => {
    const restless = past(1000).map((close) => close + 5000);
    assert.equal(namedAfter([...new Array<number>(500).fill(7), ...restless]), 2);
  });

  test('begins on the first bar that did not change, and goes on to the last', () => {
    const bars = [bar(300, 500), ...stuck(301, 4, 500), bar(305, 501)];
    const [fault, ...others] = find(past(300), bars);
    assert.deepEqual(others, []);
    assert.deepEqual(fault, {
      kind: 'repeated-tick',
      day: day(301),
      lastDay: day(304),
      evidence: { close: 500, run: 4, usualShare: 1 / 300 },
      sentence: `The close of 500 was sent for 5 days running up to ${day(304)}.`,
    });
  });

  test('counts what was stored already, and starts again with a change', () => {
    const close = past(300).at(-1)!;
    const counted = [...past(300), close, close];
    assert.equal(namedAfter(counted), 1);
    assert.deepEqual(find(counted, [bar(302, 7), bar(303, close)]), []);
  });

  test('of different closes one after another are two faults', () => {
    const bars = [...stuck(300, 5, 500), ...stuck(305, 5, 600)];
    assert.deepEqual(
      find(past(300), bars).map((fault) => [fault.day, fault.lastDay]),
      [
        [day(301), day(304)],
        [day(306), day(309)],
      ],
    );
  });

  test('is not lengthened by days on which the exchange is closed', () => {
    const weekdays = learnCalendar([]);
    // 2024-10-26 and 27, days 299 and 300, are a weekend.
    const closes = past(299);
    assert.equal(weekdays.isTradingDay(day(299)), false);
    assert.equal(namedAfter(closes, weekdays), 5, 'two of the five are no trading days');
  });

  test('of a first pull is judged by the bars themselves once they are many', () => {
    const bars = past(300).map((close, k) => bar(k, k > 290 ? 400 : close));
    const [fault] = find([], bars);
    assert.deepEqual([fault!.day, fault!.lastDay], [day(292), day(299)]);
    const share = fault!.evidence['usualShare'];
    assert.equal(share, (8 + 1) / 300);
  });
});
