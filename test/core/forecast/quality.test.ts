import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureQuality, QUALITY_DAYS, recentQuality } from '../../../core/forecast/quality.ts';
import { scoreForecast, type DayScore } from '../../../core/forecast/score.ts';
import { parseDay } from '../../../core/series/day.ts';

/** A forecast of 102 after 100, met by `actual`. */
const scoreOf = (actual: number): DayScore =>
  scoreForecast({
    day: parseDay('2024-03-04'),
    actual,
    forecast: {
      horizon: 1,
      prediction: 102,
      lower: 97,
      upper: 106,
      level: 0.9,
      naive: 100,
      distribution: { mean: 0.02, spread: 0.02, dof: 5 },
    },
    naiveDistribution: { mean: 0, spread: 0.02, dof: Infinity },
    transform: actual > 0 ? 'log-return' : 'difference',
  });

describe('quality', () => {
  it('is the mean of what the days say, beside naive', () => {
    const quality = measureQuality([scoreOf(103), scoreOf(98), scoreOf(110)]);
    const near = (value: number | null, expected: number): void => {
      assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-12, `${value}, not ${expected}`);
    };
    near(quality.mse, (1 + 16 + 64) / 3);
    near(quality.mae, (1 + 4 + 8) / 3);
    near(quality.mape, (1 / 103 + 4 / 98 + 8 / 110) / 3);
    near(quality.naiveMse, (9 + 4 + 100) / 3);
    near(quality.naiveMae, (3 + 2 + 10) / 3);
    near(quality.naiveMape, (3 / 103 + 2 / 98 + 10 / 110) / 3);
    near(quality.skill, 1 - (1 + 16 + 64) / (9 + 4 + 100));
    near(quality.coverage, 2 / 3);
    near(quality.crpsRatio, quality.crps / quality.naiveCrps);
    const changes = [1.03, 0.98, 1.1].map(Math.log);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value ** 2, 0);
    near(quality.mseRatio, sum(changes.map((change) => change - 0.02)) / sum(changes));
    assert.deepEqual([quality.days, quality.betterThanNaive], [3, null], 'three days do not tell better from lucky');
  });

  it('says plainly whether the model beats naive once there are days enough', () => {
    const verdict = (actual: number, days: number): boolean | null =>
      measureQuality(Array.from({ length: days }, () => scoreOf(actual))).betterThanNaive;
    assert.deepEqual([verdict(103, 19), verdict(103, 20), verdict(98, 20)], [null, true, false]);
  });

  it('asks for both: a better whole forecast and a point forecast no worse', () => {
    const day = { ...scoreOf(103), squaredError: 4, naiveSquaredError: 4, crps: 1, naiveCrps: 2 };
    const verdict = (change: Partial<DayScore>) =>
      measureQuality(Array.from({ length: 20 }, () => ({ ...day, ...change }))).betterThanNaive;
    assert.equal(verdict({}), true);
    assert.equal(verdict({ squaredError: 4.1 }), false);
    assert.equal(verdict({ crps: 2 }), null, 'as good as naive');
    assert.equal(verdict({ crps: 2.1, squaredError: 1 }), false);
  });

  it('of a series that stood still calls both ratios 1', () => {
    const still = { ...scoreOf(100), change: 0, changeError: 0.5, crps: 0.3, naiveCrps: 0 };
    const { mseRatio, crpsRatio } = measureQuality([still]);
    assert.deepEqual([mseRatio, crpsRatio], [1, 1]);
  });

  it('says no percentage of a series that meets zero: at it, through it, or within one step of it', () => {
    for (const values of [[0], [0, 98], [98, -98]]) {
      const quality = measureQuality(values.map(scoreOf));
      assert.deepEqual([quality.mape, quality.naiveMape], [null, null], values.join());
    }
    const near = { ...scoreOf(98), actual: 2, naiveSquaredError: 2.1 ** 2 };
    assert.equal(measureQuality([scoreOf(98), near]).mape, null);
    assert.notEqual(measureQuality([scoreOf(98), { ...near, actual: 3 }]).mape, null);
  });

  it('has no skill where naive made no error, rather than an infinite one', () => {
    assert.equal(measureQuality([scoreOf(100)]).skill, null);
  });

  it('of late is that of the last days alone, and nothing before the first', () => {
    const [bad, good] = [30, QUALITY_DAYS].map((days, i) => Array.from({ length: days }, () => scoreOf(98 + 5 * i)));
    assert.deepEqual(recentQuality([...bad!, ...good!]), measureQuality(good!));
    assert.deepEqual(recentQuality(bad!), measureQuality(bad!));
    assert.equal(recentQuality([]), null);
    assert.throws(() => measureQuality([]), { code: 'TOO_FEW_VALUES' });
  });
});
