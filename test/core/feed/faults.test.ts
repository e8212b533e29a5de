import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findFeedFaults } from '../../../core/feed/faults.ts';
import { createRandom, normal } from '../../../core/random.ts';
import { learnCalendar } from '../../../core/series/calendar.ts';
import { addDays, parseDay, weekday } from '../../../core/series/day.ts';
import { toSeries, type PriceBar } from '../../../core/series/price.ts';
import { inject } from './injectFault.ts';

/** A seeded random walk on weekdays with open, high and low. */
function walk(count: number, seed: number, deviation = 0.015): PriceBar[] {
  const random = createRandom(seed);
  const bars: PriceBar[] = [];
  let close = 100;
  for (let day = parseDay('2015-01-01'); bars.length < count; day = addDays(day, 1)) {
    if (weekday(day) % 6 === 0) continue;
    const open = close * Math.exp(0.3 * deviation * normal(random));
    close = open * Math.exp(deviation * normal(random));
    const [low, high] = [Math.min(open, close) * 0.997, Math.max(open, close) * 1.003];
    bars.push({ day, open, high, low, close, adjustedClose: null, volume: 1e6 });
  }
  return bars;
}

const bars = walk(700, 1);
const known = toSeries(bars.slice(0, 600));
const lastBar = bars[599]!;
const next = bars[600]!;
const kindsOf = (incoming: PriceBar[]): string[] =>
  findFeedFaults({ known, lastBar, incoming }).map((fault) => fault.kind);
const times = (bar: PriceBar, factor: number): PriceBar => ({
  ...bar,
  close: bar.close * factor,
  open: bar.open! * factor,
  high: bar.high! * factor,
  low: bar.low! * factor,
});

test('bars that continue the series, overlap it, or come in any order are sound', () => {
  assert.deepEqual(kindsOf(bars.slice(600)), []);
  assert.deepEqual(kindsOf(bars.slice(590, 640).reverse()), []);
  assert.deepEqual(kindsOf([]), []);
  assert.deepEqual(findFeedFaults({ known: toSeries([]), incoming: bars }), []);
});

describe('the newest bar alone', () => {
  test('a 2:1 split is named with its factor', () => {
    const [fault] = findFeedFaults({ known, lastBar, incoming: [times(next, 0.5)] });
    assert.equal(fault?.kind, 'split-unadjusted');
    assert.equal(fault.evidence.factor, 0.5);
    assert.match(fault.sentence, /factor of about 1\/2, a split/);
  });

  test('a fall by half within the day is a move, not a split', () => {
    const crash = {
      ...next,
      open: lastBar.close,
      high: lastBar.close,
      low: lastBar.close * 0.49,
      close: lastBar.close * 0.5,
    };
    assert.deepEqual(kindsOf([crash]), []);
  });

  test('a gap that is no clean ratio is a move', () => {
    assert.deepEqual(kindsOf([times(next, 0.58)]), []);
  });

  test('a close in cents is a unit error, also where only the close is wrong', () => {
    assert.deepEqual(kindsOf([times(next, 100)]), ['unit-error']);
    assert.deepEqual(kindsOf([{ ...next, close: next.close * 100 }]), ['unit-error']);
    assert.deepEqual(kindsOf([times(next, 0.01)]), ['unit-error']);
  });

  test('a close outside its own range is refused', () => {
    assert.deepEqual(kindsOf([{ ...next, close: next.high! * 1.1 }]), ['invalid-price']);
  });

  test('a copy of the bar before is a repeated tick; an equal close alone is not', () => {
    assert.deepEqual(kindsOf([{ ...lastBar, day: next.day }]), ['repeated-tick']);
    assert.deepEqual(
      kindsOf([{ ...next, close: lastBar.close, low: 0.9 * lastBar.close, high: 1.1 * lastBar.close }]),
      [],
    );
  });
});

describe('the order and form of what is found', () => {
  test('a misdated bar is not also a jump or a repeat, and known days are not judged as new ones', () => {
    const swapped = inject('swapped-date', bars, 612, createRandom(1));
    const at = bars.findIndex(
      ({ day }, k) => k > 600 && Number(day.slice(8)) <= 12 && day.slice(5, 7) !== day.slice(8),
    );
    assert.ok(swapped === undefined || swapped.incoming.length > 0);
    const day = parseDay(`${bars[at]!.day.slice(0, 4)}-${bars[at]!.day.slice(8)}-${bars[at]!.day.slice(5, 7)}`);
    const question = { known: toSeries(bars.slice(0, at)), lastBar: bars[at - 1]! };
    const found = findFeedFaults({ ...question, incoming: [{ ...times(bars[at]!, 100), day }] });
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['swapped-date'],
    );
    const again = bars.slice(595, 600).map((bar) => ({ ...bar, close: bar.close * (1 + 1e-4) }));
    assert.deepEqual(kindsOf(again), []);
  });
});

describe('several bars', () => {
  test('a unit error lasts until the level returns', () => {
    const incoming = bars.slice(600, 610).map((bar, k) => (k >= 3 && k < 6 ? times(bar, 100) : bar));
    const faults = findFeedFaults({ known, lastBar, incoming });
    assert.deepEqual(
      faults.map(({ kind, day, lastDay }) => [kind, day, lastDay]),
      [['unit-error', bars[603]!.day, bars[605]!.day]],
    );
  });

  test('a split lasts to the end', () => {
    const incoming = bars.slice(600, 620).map((bar, k) => (k >= 3 ? times(bar, 0.5) : bar));
    const faults = findFeedFaults({ known, lastBar, incoming });
    assert.deepEqual(
      faults.map(({ kind, day, lastDay }) => [kind, day, lastDay]),
      [['split-unadjusted', bars[603]!.day, bars[619]!.day]],
    );
  });

  test('a stuck close without a range is named once the run is incredible', () => {
    const stuck = (count: number): PriceBar[] =>
      bars.slice(600, 600 + count).map(({ day }) => ({ ...lastBar, day, open: null, high: null, low: null }));
    assert.deepEqual(kindsOf(stuck(1)), []);
    const [fault] = findFeedFaults({ known, lastBar, incoming: stuck(6) });
    assert.equal(fault?.kind, 'repeated-tick');
    assert.deepEqual([fault.day, fault.lastDay], [bars[600]!.day, bars[605]!.day]);
  });

  test('another close of a known day is a correction, not a fault', () => {
    assert.deepEqual(kindsOf(bars.slice(590, 605).map((bar) => times(bar, 1 + 5e-5))), []);
  });
});

test('a week without bars is missing; one closed day of an unknown exchange is not', () => {
  assert.deepEqual(kindsOf(bars.slice(605)), ['missing-days']);
  assert.deepEqual(kindsOf(bars.slice(601)), []);
});

test('where holidays are known, one missing day is a fault', () => {
  const calendar = learnCalendar([], 'America/New_York');
  const open = bars.filter((bar) => calendar.isTradingDay(bar.day));
  const pulled = { known: toSeries(open.slice(0, 500)), timeZone: 'America/New_York' };
  assert.deepEqual(findFeedFaults({ ...pulled, incoming: open.slice(500) }), []);
  assert.deepEqual(
    findFeedFaults({ ...pulled, incoming: open.slice(501, 502) }).map(({ kind, day, lastDay }) => [kind, day, lastDay]),
    [['missing-days', open[500]!.day, open[500]!.day]],
  );
});

test('every kind of fault is found in seeded walks, and none in the walk itself', () => {
  const kinds = ['split-unadjusted', 'unit-error', 'repeated-tick', 'swapped-date', 'missing-days'] as const;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 400, max: 650 }), fc.constantFrom(...kinds), (seed, t, kind) => {
      const series = walk(700, seed);
      assert.deepEqual(
        findFeedFaults({
          known: toSeries(series.slice(0, t)),
          lastBar: series[t - 1]!,
          incoming: series.slice(t - 5, t + 20),
        }),
        [],
      );
      const injected = inject(kind, series, t, createRandom(seed));
      if (injected === undefined) return;
      const closed = kind === 'missing-days' && injected.incoming[0]!.day < series[t + 3]!.day; // may be a holiday
      const found = findFeedFaults(injected).map((fault) => fault.kind);
      assert.ok(closed || found.includes(kind), `${kind} at ${series[t]!.day} was taken for [${found.join()}]`);
    }),
    { numRuns: 150 },
  );
});
