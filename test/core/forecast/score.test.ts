import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bandScore, scoreForecast } from '../../../core/forecast/score.ts';
import type { DayForecast } from '../../../core/forecast/forecast.ts';
import { parseDay } from '../../../core/series/day.ts';

const forecast: DayForecast = {
  horizon: 1,
  prediction: 102,
  lower: 97,
  upper: 106,
  level: 0.9,
  naive: 100,
  distribution: { mean: 0.02, spread: 0.02, dof: 5 },
};
const scoreOf = (actual: number, day = '2024-03-04') =>
  scoreForecast({
    day: parseDay(day),
    actual,
    forecast,
    naiveDistribution: { mean: 0, spread: 0.02, dof: Infinity },
    transform: 'log-return',
  });

describe('scores', () => {
  it('set a forecast beside what happened', () => {
    const score = scoreOf(104);
    assert.equal(score.squaredError, 4);
    assert.equal(score.naiveSquaredError, 16);
    assert.equal(score.absolutePercentageError, 2 / 104);
    assert.ok(score.covered);
    assert.ok(score.crps < score.naiveCrps);
    assert.ok(Math.abs(bandScore(forecast, 104, 'log-return') - (Math.log(1.04) - 0.02) / 0.02) < 1e-12);
  });

  it('count the bounds as covered and nothing beyond', () => {
    assert.ok(scoreOf(97).covered);
    assert.ok(scoreOf(106).covered);
    assert.ok(!scoreOf(106.01).covered);
  });
});
