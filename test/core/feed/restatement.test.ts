import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addDays, parseDay } from '../../../core/series/day.ts';
import type { PriceBar, Series } from '../../../core/series/price.ts';
import type { RevisedClose } from '../../../core/feed/restatement.ts';
import { findRestatement, findUnitChange, reachesFurtherBack } from '../../../core/feed/restatement.ts';

const day = (n: number) => addDays(parseDay('2020-08-01'), n);
const closes = [100, 102, 99, 101, 105];
const known: Series = { days: closes.map((_, i) => day(i)), closes: Float64Array.from(closes) };
const bars = (change: (close: number, i: number) => number): PriceBar[] =>
  closes.map((close, i) => ({
    day: day(i),
    close: change(close, i),
    open: null,
    high: null,
    low: null,
    adjustedClose: null,
    volume: null,
  }));
const revised = (change: (close: number, i: number) => number): RevisedClose[] =>
  closes.map((old, i) => ({ day: day(i), old, new: change(old, i) })).filter((close) => close.old !== close.new);
const split = { day: day(5), numerator: 4, denominator: 1 };

describe('a restated history', () => {
  it('reaches further back when the oldest common day changed, by more than rounding', () => {
    assert.equal(
      reachesFurtherBack(
        known,
        bars((close) => close / 4),
      ),
      true,
    );
    assert.equal(
      reachesFurtherBack(
        known,
        bars((close) => Math.fround(close * 1.0000001)),
      ),
      false,
    );
    assert.equal(
      reachesFurtherBack(
        known,
        bars((close, i) => (i === 0 ? close : close * 2)),
      ),
      false,
    );
    assert.equal(reachesFurtherBack(known, []), false);
    assert.equal(
      reachesFurtherBack(
        { days: [], closes: new Float64Array() },
        bars((close) => close),
      ),
      false,
    );
  });

  it('has one factor, also where prices are rounded to cents, and names its split', () => {
    const found = findRestatement(
      revised((close) => Math.round(close * 25) / 100),
      [split],
    );
    assert.ok(found !== undefined && Math.abs(found.factor - 0.25) < 0.001);
    assert.deepEqual([found.days, found.from, found.to, found.split], [5, day(0), day(4), split]);
  });

  it('may be a dividend, which no split explains', () => {
    const found = findRestatement(
      revised((close) => close * 0.995),
      [split],
    );
    assert.ok(found !== undefined && Math.abs(found.factor - 0.995) < 1e-12);
    assert.equal(found.split, undefined);
  });

  it('is not seen in corrections of their own, nor in very few', () => {
    assert.equal(
      findRestatement(
        revised((close, i) => close + i),
        [],
      ),
      undefined,
    );
    assert.equal(
      findRestatement(
        revised((close, i) => (i < 2 ? close / 4 : close)),
        [],
      ),
      undefined,
    );
  });

  it('is a unit error at a factor of 100 or 1,000 without such a split', () => {
    const isError = (factor: number, splits = [split]): boolean =>
      findUnitChange(
        known,
        bars((close) => close * factor),
        splits,
      ) !== undefined;
    assert.deepEqual(
      [100, 0.01, 1000, 0.001].map((factor) => isError(factor)),
      [true, true, true, true],
    );
    assert.deepEqual(
      [0.25, 10, 50, 200, 1].map((factor) => isError(factor)),
      [false, false, false, false, false],
    );
    assert.equal(isError(100, [{ ...split, numerator: 1, denominator: 100 }]), false);
  });
});
