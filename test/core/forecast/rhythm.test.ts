import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ewmaVolatility } from '../../../core/forecast/naive.ts';
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

  it('averages over the days on which a window may begin, each by the likelihood of its changes under a Student-t', () => {
    const window = changes.subarray(1300, 1330);
    const volatility = ewmaVolatility(window);
    // Five degrees of freedom and variance 1, up to a constant.
    const density = (z: number): number => (1 + z ** 2 / 3) ** -3;
    const phases = WEEK.map((_, phase) => {
      const factor = (i: number): number => WEEK[(i + phase) % 7]!;
      const likelihood = window
        .subarray(1)
        .reduce(
          (product, change, i) => (product * density(change / factor(i + 1) / volatility[i]!)) / factor(i + 1),
          1,
        );
      const calm = ewmaVolatility(window.map((change, i) => change / factor(i)));
      return { likelihood, next: (factor(window.length) * calm.at(-1)!) / volatility.at(-1)! };
    });
    const total = phases.reduce((sum, { likelihood }) => sum + likelihood, 0);
    const likeliest = Math.max(...phases.map(({ likelihood }) => likelihood / total));
    assert.ok(likeliest > 0.3 && likeliest < 0.95, `${likeliest}: no phase may be certain here`);
    const expected = Math.exp(
      phases.reduce((sum, { likelihood, next }) => sum + (likelihood / total) * Math.log(next), 0),
    );
    const [next] = rhythmFactors({ factors: WEEK }, window, 1);
    assert.ok(Math.abs(next! / expected - 1) < 1e-9, `${next} is not ${expected}`);
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

  it('is fitted to the last thousand changes, and not to fewer than twenty weeks', () => {
    const other = Float64Array.from({ length: 490 }, (_, i) => (i % 7 < 3 ? 0.05 : 0.001) * Math.sin(i * i));
    const recent = changes.subarray(changes.length - 1000);
    assert.deepEqual(fitRhythm(Float64Array.from([...other, ...recent])), fitRhythm(recent));
    const strong = Float64Array.from(
      { length: 200 },
      (_, i) => (i % 7 < 5 ? 0.02 : 0.004) * (1 + 0.3 * Math.sin(i * i)),
    );
    assert.equal(fitRhythm(strong.subarray(0, 139)), null);
    assert.notEqual(fitRhythm(strong.subarray(0, 140)), null);
  });

  it('has no unit and turns with the day it begins on', () => {
    const recent = changes.subarray(changes.length - 1000);
    const { factors } = fitRhythm(recent)!;
    fitRhythm(recent.map((change) => -250 * change))!.factors.forEach((factor, i) => {
      assert.ok(Math.abs(factor / factors[i]! - 1) < 1e-9);
    });
    fitRhythm(recent.subarray(2))!.factors.forEach((factor, i) => {
      assert.ok(Math.abs(factor / factors[(i + 2) % 7]! - 1) < 0.02, 'two days fewer make little difference');
    });
  });

  it('is drawn towards none by its own uncertainty, the fewer the weeks the more', () => {
    const mean = (count: number) => {
      let strength = 0;
      for (let seed = 1; seed <= 12; seed += 1) {
        const volatility = (i: number) => 0.02 * (i % 7 < 5 ? 1.25 : 0.6);
        const sample = toChanges(simulateSeries({ length: count + 1, seed, volatility }).closes, 'log-return');
        const factors = fitRhythm(sample)?.factors ?? [1];
        strength += Math.log(Math.max(...factors) / Math.min(...factors)) / 12;
      }
      return strength;
    };
    // Without drawing the largest and smallest of seven noisy phases would be further apart in the short samples than in the long.
    assert.ok(mean(210) < 1.25 * mean(980), `${mean(210)} against ${mean(980)}`);
    assert.ok(Math.abs(mean(980) - Math.log(1.25 / 0.6)) < 0.15, `${mean(980)}`);
  });

  describe('of a market that moves by nothing but its rhythm', () => {
    // Every day moves by exactly .01 times its factor, up and down in turn.
    const strict = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01) * WEEK[i % 7]!);
    const rhythm = { factors: WEEK };

    it('the corrected volatility of each day ahead is the one it will have', () => {
      for (let end = 100; end < 107; end += 1) {
        const window = strict.subarray(end - 59, end);
        const seen = ewmaVolatility(window).at(-1)!;
        const factors = rhythmFactors(rhythm, window, 5);
        let squares = 0;
        factors.forEach((factor, h) => {
          squares += WEEK[(end + h) % 7]! ** 2;
          const expected = 0.01 * Math.sqrt(squares / (h + 1));
          assert.ok(Math.abs((seen * factor) / expected - 1) < 0.03, `after ${end}, ${h + 1} days: ${seen * factor}`);
        });
      }
    });

    it('a rhythm that is none changes nothing', () => {
      for (const factor of rhythmFactors({ factors: new Array<number>(7).fill(1) }, strict, 3)) {
        assert.ok(Math.abs(factor - 1) < 1e-12);
      }
    });

    it('a window that shows no phase gives the average over all, on the log scale', () => {
      const still = Float64Array.from({ length: 59 }, (_, i) => (i === 0 ? 0.01 : 1e-12));
      const [factor] = rhythmFactors(rhythm, still, 1);
      assert.ok(factor! > Math.min(...WEEK) / Math.max(...WEEK) && factor! < Math.max(...WEEK) / Math.min(...WEEK));
    });
  });
});
