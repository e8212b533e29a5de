import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EWMA_DECAY, ewmaVolatility, naiveRange } from '../../../core/forecast/naive.ts';
import { toChanges } from '../../../core/series/transform.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const { closes } = simulateSeries({ length: 120, seed: 5, volatility: (i) => 0.01 + 0.0002 * i });
const changes = toChanges(closes, 'log-return');

describe('EWMA volatility', () => {
  it('starts from the mean square of the first twenty changes and forgets 6 % a day', () => {
    const volatility = ewmaVolatility(changes);
    assert.equal(volatility.length, changes.length);
    for (const t of [19, 20, 25, 60, 118]) {
      // The weights written out: .94^k for the day k days ago, what is left of them for the mean of the first twenty.
      let square = 0;
      for (let k = 0; k < t - 19; k += 1) square += 0.06 * 0.94 ** k * changes[t - k]! ** 2;
      for (let i = 0; i < 20; i += 1) square += (0.94 ** (t - 19) * changes[i]! ** 2) / 20;
      assert.ok(Math.abs(volatility[t]! ** 2 / square - 1) < 1e-12, `after change ${t}`);
    }
    assert.equal(volatility[0], volatility[19]);
    assert.equal(EWMA_DECAY, 0.94);
  });

  it('of fewer changes is their root mean square, of none nothing, of a standstill 0', () => {
    assert.deepEqual([...ewmaVolatility(Float64Array.of(3, -4))], [Math.sqrt(12.5), Math.sqrt(12.5)]);
    assert.deepEqual([...ewmaVolatility(new Float64Array())], []);
    assert.deepEqual([...ewmaVolatility(new Float64Array(30))], [...new Float64Array(30)]);
  });

  it('forgets as fast as it is told to', () => {
    const [fast, slow] = [0.5, 0.99].map((decay) => ewmaVolatility(new Float64Array(22).fill(1, 0, 20), decay).at(-1)!);
    assert.ok(Math.abs(fast! - 0.5) < 1e-12 && Math.abs(slow! - 0.99) < 1e-12);
  });
});

describe('the naive forecast', () => {
  it('is a normal around no change, with the volatility seen up to its own day and the root of the days ahead', () => {
    const rows = naiveRange(closes, 'log-return', 3, 40, 60);
    assert.equal(rows.length, 20);
    rows.forEach((row, k) => {
      const seen = ewmaVolatility(toChanges(closes.subarray(0, 40 + k + 1), 'log-return')).at(-1)!;
      assert.deepEqual(
        row,
        [1, 2, 3].map((h) => ({ mean: 0, spread: seen * Math.sqrt(h), dof: Infinity })),
      );
    });
  });

  it('works in differences where the series does', () => {
    const [row] = naiveRange([5, 8, 4], 'difference', 1, 2, 3);
    assert.equal(row![0]!.spread, Math.sqrt((9 + 16) / 2));
  });

  it('knows no volatility before the first change, and has no rows where there are no days', () => {
    assert.deepEqual(naiveRange(closes, 'log-return', 1, 0, 1), [[{ mean: 0, spread: 0, dof: Infinity }]]);
    assert.deepEqual(naiveRange(closes, 'log-return', 1, 50, 50), []);
    assert.deepEqual(naiveRange(closes, 'log-return', 1, 50, 49), []);
  });
});
