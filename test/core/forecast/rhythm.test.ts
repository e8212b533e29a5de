import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitRhythm, rhythmFactors } from '../../../core/forecast/rhythm.ts';
import { toChanges } from '../../../core/series/transform.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const WEEK = [1.2, 1.1, 1.2, 1.1, 1, 0.5, 0.7];

const weekly = (i: number): number => 0.02 * WEEK[i % 7]!;
const changes = toChanges(simulateSeries({ length: 1500, seed: 71, volatility: weekly }).closes, 'log-return');

describe('weekly rhythm', () => {
  it('is found with its shape', () => {
    // The fit counts its phases from the first of the last 1,000 changes.
    const offset = (changes.length - 1000) % 7;
    const { factors } = fitRhythm(changes)!;
    assert.ok(Math.abs(factors.reduce((product, factor) => product * factor, 1) - 1) < 1e-9);
    factors.forEach((factor, i) => {
      const expected = WEEK[(i + offset) % 7]! / 0.93;
      assert.ok(Math.abs(factor / expected - 1) < 0.2, `day ${i}: ${factor} is not near ${expected}`);
    });
  });

  it('is absent from series without one, all but now and then', () => {
    const found = Array.from({ length: 100 }, (_, seed) =>
      fitRhythm(toChanges(simulateSeries({ length: 1100, seed: seed + 500 }).closes, 'log-return')),
    ).filter((rhythm) => rhythm !== null);
    assert.ok(found.length <= 5, `${found.length} of 100`);
  });

  it('is told from a window alone, wherever in the week it ends', () => {
    const rhythm = fitRhythm(changes)!;
    for (let end = 1300; end < 1330; end += 1) {
      const [next] = rhythmFactors(rhythm, changes.subarray(end - 59, end), 1);
      // Saturdays and Sundays are the quiet ones.
      if (end % 7 === 5) assert.ok(next! < 0.7, `Saturday ${next}`);
      if (end % 7 < 4) assert.ok(next! > 0.85, `weekday ${next}`);
    }
  });

  it('evens out over a week ahead', () => {
    const rhythm = fitRhythm(changes)!;
    const aWeek = (end: number): number => rhythmFactors(rhythm, changes.subarray(end - 59, end), 7)[6]!;
    for (let end = 1300; end < 1307; end += 1) assert.ok(Math.abs(aWeek(end) - 1) < 0.25);
  });

  it('says nothing of a series that stands still, or is short', () => {
    assert.equal(fitRhythm(new Float64Array(500)), null);
    assert.equal(fitRhythm(changes.subarray(0, 100)), null);
    assert.deepEqual(rhythmFactors({ factors: WEEK }, new Float64Array(59), 3), [1, 1, 1]);
  });
});
