import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LevelEvidence } from '../../../core/feed/fault.ts';
import { findLevelFaults as findUnsettled } from '../../../core/feed/levelFaults.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { toSeries, type PriceBar, type Series } from '../../../core/series/price.ts';

const START = parseDay('2024-01-01');
const day = (k: number) => addDays(START, k);
/** Closes around 100 that rise and fall in turn by so much that the usual deviation is `deviation`: 1.4826 times the median move. */
function past(deviation: number, count = 300, level = 100): number[] {
  return Array.from({ length: count }, (_, k) => level * Math.exp(k % 2 === 0 ? 0 : deviation / 1.4826));
}
const known = (closes: readonly number[]) => toSeries(closes.map((close, k) => ({ day: day(k), close })));
const CALM = 0.01;
const calm = known(past(CALM));
const last = calm.closes.at(-1)!;

const bar = (k: number, close: number, range?: { open: number; high: number; low: number }): PriceBar => ({
  day: day(300 + k),
  close,
  open: range?.open ?? null,
  high: range?.high ?? null,
  low: range?.low ?? null,
  adjustedClose: null,
  volume: null,
});
const around = (open: number, close: number) => ({
  open,
  high: Math.max(open, close) * 1.01,
  low: Math.min(open, close) * 0.99,
});
const findLevelFaults = (series: Series, bars: readonly PriceBar[]) =>
  findUnsettled(series, bars, () => false).map((fault) => ({
    ...fault,
    evidence: { ...fault.evidence } as LevelEvidence,
  })); // of a level, where a test reads it
const find = (closes: readonly number[], series = calm) =>
  findLevelFaults(
    series,
    closes.map((close, k) => bar(k, close)),
  ).map(({ kind, day: from, lastDay, evidence }) => [kind, from, lastDay, evidence.factor]);
const kindOf = (one: PriceBar, series = calm) => findLevelFaults(series, [one])[0]?.kind;

describe('a clean ratio', () => {
  test('is named with the numbers behind it', () => {
    const [split] = findLevelFaults(calm, [bar(0, last / 2)]);
    assert.deepEqual(
      { ...split, evidence: { ...split!.evidence, dailyDeviation: 0 } },
      {
        kind: 'split-unadjusted',
        day: day(300),
        lastDay: day(300),
        evidence: { closeBefore: last, close: last / 2, factor: 0.5, dailyDeviation: 0 },
        sentence: `The close of ${day(300)} is ${last / 2} after ${last}: a factor of about 1/2, a split not worked into earlier prices.`,
      },
    );
    assert.ok(Math.abs(split!.evidence.dailyDeviation - CALM) < 1e-12);
    const [unit] = findLevelFaults(calm, [bar(0, last * 1000)]);
    assert.equal(
      unit!.sentence,
      `The close of ${day(300)} is ${last * 1000} after ${last}: a factor of about 1000, a unit error.`,
    );
  });

  test('is every usual split, forward and reverse, and every unit', () => {
    for (const ratio of [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50]) {
      assert.deepEqual(find([last / ratio]), [['split-unadjusted', day(300), day(300), 1 / ratio]]);
      assert.deepEqual(find([last * ratio]), [['split-unadjusted', day(300), day(300), ratio]]);
    }
    for (const ratio of [100, 1000, 1 / 100, 1 / 1000]) {
      assert.deepEqual(find([last * ratio]), [['unit-error', day(300), day(300), ratio]]);
    }
  });

  test('leaves room for the move of the day: the more, the less a market could do it by itself', () => {
    for (const [ratio, kind, deviation, room] of [
      [1 / 2, 'split-unadjusted', 0.003, 0.06],
      [1 / 2, 'split-unadjusted', 0.01, 0.08],
      [1 / 2, 'split-unadjusted', 0.05, 0.12],
      [100, 'unit-error', 0.003, 0.1],
      [100, 'unit-error', 0.02, 0.24],
      [100, 'unit-error', 0.05, 0.35],
    ] as const) {
      const series = known(past(deviation));
      const close = series.closes.at(-1)!;
      for (const direction of [1, -1]) {
        const found = (move: number) => kindOf(bar(0, close * ratio * Math.exp(direction * move)), series);
        assert.equal(found(room - 0.001), kind, `${ratio} within ${room}`);
        assert.equal(found(room + 0.001), undefined, `${ratio} beyond ${room}`);
      }
    }
  });

  test('that comes and goes within another leaves the other as it was', () => {
    const closes = [1, 0.5, 50, 0.5, 0.5].map((factor) => last * factor);
    assert.deepEqual(find(closes), [
      ['unit-error', day(302), day(302), 100],
      ['split-unadjusted', day(301), day(304), 0.5],
    ]);
  });

  test('takes the nearest of two ratios that both fit', () => {
    const wild = known(past(0.05));
    const close = wild.closes.at(-1)!;
    const factor = (ratio: number) => findLevelFaults(wild, [bar(0, close * ratio)])[0]!.evidence.factor;
    assert.deepEqual([factor(7.4), factor(7.6), factor(1 / 7.4), factor(1 / 7.6)], [7, 8, 1 / 7, 1 / 8]);
  });

  test('must be a jump beyond what the market does: six deviations and the room, or four where the opening price tells', () => {
    // Half of the price is a move of .693; the room is .12 and the opening price, where there is one, jumped as well.
    for (const [deviation, byClose, byOpen] of [
      [0.09, 'split-unadjusted', 'split-unadjusted'],
      [0.1, undefined, 'split-unadjusted'],
      [0.17, undefined, 'split-unadjusted'],
      [0.18, undefined, undefined],
    ] as const) {
      const series = known(past(deviation));
      const close = series.closes.at(-1)! / 2;
      assert.equal(kindOf(bar(0, close), series), byClose, `close alone at ${deviation}`);
      assert.equal(kindOf(bar(0, close, around(close, close)), series), byOpen, `with an opening at ${deviation}`);
    }
  });
});

describe('the opening price', () => {
  test('tells a crash within the day from a split before it', () => {
    assert.equal(kindOf(bar(0, last / 2, around(last, last / 2))), undefined);
    assert.equal(kindOf(bar(0, last / 2, around(last / 2, last / 2))), 'split-unadjusted');
    assert.equal(
      kindOf(bar(0, last * 0.6, around(last / 2, last * 0.6))),
      'split-unadjusted',
      'a split and a rise after it',
    );
  });

  test('alone shows three for two', () => {
    assert.equal(kindOf(bar(0, last / 1.5, around(last / 1.5, last / 1.5))), 'split-unadjusted');
    assert.equal(kindOf(bar(0, last * 1.5, around(last * 1.5, last * 1.5))), 'split-unadjusted');
    assert.equal(kindOf(bar(0, last / 1.5)), undefined);
    const [fault] = findLevelFaults(calm, [bar(0, last / 1.5, around(last / 1.5, last / 1.5))]);
    assert.match(fault!.sentence, /a factor of about 1\/1\.5, a split/);
  });

  test('says nothing where the bar has no range, or none above 0', () => {
    const flat = { open: last, high: last / 2, low: last / 2 };
    assert.equal(kindOf(bar(0, last / 2, flat)), 'split-unadjusted');
    assert.equal(kindOf(bar(0, last / 2, { open: 0, high: last, low: last / 3 })), 'split-unadjusted');
    assert.equal(kindOf({ ...bar(0, last / 2), high: last, low: last / 3 }), 'split-unadjusted');
  });
});

describe('a close outside its own range', () => {
  const range = { open: last, high: last * 1.02, low: last * 0.98 };

  test('contradicts its bar', () => {
    const [fault] = findLevelFaults(calm, [bar(0, last * 1.1, range)]);
    assert.equal(fault!.kind, 'invalid-price');
    assert.equal(
      fault!.sentence,
      `The close of ${day(300)}, ${last * 1.1}, lies outside that day's own range of ${range.low} to ${range.high}.`,
    );
    assert.deepEqual(fault!.evidence, { close: last * 1.1, low: range.low, high: range.high });
    assert.equal(kindOf(bar(0, last * 0.9, range)), 'invalid-price');
  });

  test('may stand outside by a rounding, on both sides', () => {
    assert.equal(kindOf(bar(0, range.high * 1.0009, range)), undefined);
    assert.equal(kindOf(bar(0, range.high * 1.0011, range)), 'invalid-price');
    assert.equal(kindOf(bar(0, range.low * 0.9991, range)), undefined);
    assert.equal(kindOf(bar(0, range.low * 0.9989, range)), 'invalid-price');
  });

  test('is not known where either end of the range is missing', () => {
    assert.equal(kindOf({ ...bar(0, last * 1.1, range), high: null }), undefined);
    assert.equal(kindOf({ ...bar(0, last * 0.9, range), low: null }), undefined);
  });

  test('by a clean ratio is that ratio', () => {
    assert.equal(kindOf(bar(0, last * 100, range)), 'unit-error');
  });

  test('is no level to compare the next bar with, and lasts a day', () => {
    const bars = [bar(0, last * 1.6, range), bar(1, last), bar(2, last * 1.001)];
    assert.deepEqual(
      findLevelFaults(calm, bars).map(({ kind, day: from, lastDay }) => [kind, from, lastDay]),
      [['invalid-price', day(300), day(300)]],
    );
    const afterwards = [bar(0, last * 1.6, range), bar(1, (last * 1.6) / 2)];
    assert.equal(findLevelFaults(calm, afterwards).length, 1, 'half of the wrong close is no split');
  });
});

describe('a fault lasts', () => {
  test('until the level returns', () => {
    const cents = last * 100;
    assert.deepEqual(find([last, cents, cents * 1.01, cents, last, last]), [['unit-error', day(301), day(303), 100]]);
    assert.deepEqual(find([cents]), [['unit-error', day(300), day(300), 100]]);
  });

  test('to the last bar where it does not', () => {
    assert.deepEqual(find([last, last / 2, last / 2, last / 2]), [['split-unadjusted', day(301), day(303), 0.5]]);
  });

  test('also beyond another jump, as the first level has not returned', () => {
    assert.deepEqual(find([last / 2, last / 2, last / 8, last / 8]), [
      ['split-unadjusted', day(300), day(303), 0.5],
      ['split-unadjusted', day(302), day(303), 0.25],
    ]);
  });

  test('and may come back', () => {
    assert.deepEqual(find([last * 100, last, last * 100, last]), [
      ['unit-error', day(300), day(300), 100],
      ['unit-error', day(302), day(302), 100],
    ]);
  });

  test('not at all where nothing jumps', () => {
    assert.deepEqual(find([last, last * 1.1, last * 0.7, last]), []);
    assert.deepEqual(find([]), []);
  });
});

describe('what is usual', () => {
  test('is learnt from the last 250 days alone', () => {
    const wildOnce = known([...past(0.2, 400), ...past(CALM, 250)]);
    assert.equal(kindOf(bar(0, wildOnce.closes.at(-1)! / 2), wildOnce), 'split-unadjusted');
    const calmOnce = known([...past(CALM, 400), ...past(0.2, 250)]);
    assert.equal(kindOf(bar(0, calmOnce.closes.at(-1)! / 2), calmOnce), undefined);
  });

  test('of a first pull is learnt from its bars, of hardly any days is a stock of 2 % a day', () => {
    const deviationOf = (before: readonly number[], bars: readonly number[]) =>
      findLevelFaults(
        known(before),
        bars.map((close, k) => bar(k, close)),
      ).at(-1)!.evidence.dailyDeviation;
    const jump = (closes: readonly number[]) => [...closes, closes.at(-1)! * 100];
    assert.ok(Math.abs(deviationOf([], jump(past(0.03, 40))) - 0.03) < 1e-9);
    assert.equal(deviationOf([], jump(past(0.03, 5))), 0.02);
    assert.equal(deviationOf([], jump(past(0.03, 9))), 0.02, 'nine moves are too few');
    assert.ok(Math.abs(deviationOf([], jump(past(0.03, 10))) - 0.03) < 1e-9, 'ten are enough');
    assert.ok(Math.abs(deviationOf(past(0.01, 30), jump(past(0.03, 90, 100))) - 0.01) < 1e-9, 'thirty days are enough');
    assert.ok(deviationOf(past(0.01, 29), jump(past(0.03, 90, 100))) > 0.029, 'twenty-nine are not');
  });

  test('is the median of what the days moved, whatever their order', () => {
    const moves = [0.05, 0.001, 0.03, 0.002, 0.3, 0.01, 0.004, 0.02, 0.2, 0.1, 0.006];
    let level = 100;
    const closes = [100, ...moves.map((move, k) => (level *= Math.exp(k % 2 === 0 ? move : -move)))];
    const series = known([...closes, ...closes.toReversed(), ...closes]);
    const [fault] = findLevelFaults(series, [bar(0, series.closes.at(-1)! * 1000)]);
    // Three runs of eleven moves and the two seams between them: none at all, and one of the fall back to 100.
    const sizes = [...moves, ...moves, ...moves, 0, 0].sort((a, b) => a - b);
    assert.ok(Math.abs(fault!.evidence['dailyDeviation'] - 1.4826 * sizes[17]!) < 1e-9);
  });

  test('is never less than .2 % a day', () => {
    const still = known(new Array<number>(300).fill(100));
    assert.equal(findLevelFaults(still, [bar(0, 200)])[0]!.evidence.dailyDeviation, 0.002);
  });

  test('without a past compares no first bar', () => {
    assert.deepEqual(find([100, 101], known([])), []);
  });
});
