import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureDays } from '../../../../core/forecast/scale/measures.ts';
import type { Prices } from '../../../../core/series/price.ts';

const pricesOf = (open: number, high: number, low: number, close: number, volume = 1000): Prices => ({
  closes: Float64Array.of(100, close),
  bars: {
    open: Float64Array.of(100, open),
    high: Float64Array.of(100, high),
    low: Float64Array.of(100, low),
    volume: Float64Array.of(1, volume),
  },
});

describe('measures of a day', () => {
  it('are the range within the day after Garman and Klass, plus the squared gap since the close before', () => {
    const { ranges, measured, logVolumes } = measureDays(pricesOf(101, 104, 99, 102), 'log-return');
    const within = 0.5 * Math.log(104 / 99) ** 2 - (2 * Math.LN2 - 1) * Math.log(102 / 101) ** 2;
    assert.ok(Math.abs(ranges[0]! - within - Math.log(1.01) ** 2) < 1e-15);
    assert.deepEqual([measured[0], logVolumes[0]], [1, Math.log(1000)]);
    const [difference] = measureDays(pricesOf(101, 104, 99, 102), 'difference').ranges;
    assert.ok(Math.abs(difference! - (0.5 * 25 - (2 * Math.LN2 - 1) + 1)) < 1e-12);
  });

  it('are the squared change where the bar is missing, flat or contradicts itself', () => {
    for (const bar of [
      [Number.NaN, 104, 99, 102],
      [101, Number.NaN, 99, 102],
      [101, 101.5, 99, 102], // the close above the high
      [98, 104, 99, 102], // the open below the low
      [102, 102, 102, 102],
      [101, 99, 104, 102], // high and low changed about
      [101, 104, -1, 102],
      [101, Infinity, 99, 102],
    ] as const) {
      const { ranges, measured } = measureDays(pricesOf(bar[0], bar[1], bar[2], bar[3]), 'log-return');
      assert.deepEqual([ranges[0], measured[0]], [Math.log(1.02) ** 2, 0], bar.join());
    }
  });

  it('forgive a range that a 32-bit float has rounded, and know no volume of nothing', () => {
    assert.equal(measureDays(pricesOf(101, 102 - 1e-5, 99, 102), 'log-return').measured[0], 1);
    for (const volume of [0, Number.NaN, -1, Infinity])
      assert.ok(Number.isNaN(measureDays(pricesOf(101, 104, 99, 102, volume), 'log-return').logVolumes[0]));
  });
});
