import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scoreForecast } from '../../../core/forecast/score.ts';
import { crpsNormal, crpsStudentT } from '../../../core/metrics/crps.ts';
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
    assert.ok(Math.abs(score.changeError - (Math.log(1.04) - 0.02)) < 1e-12);
  });

  it('hold everything of the day, errors in the unit of the series, CRPS in that of the change', () => {
    const change = Math.log(104 / 100);
    assert.deepEqual(scoreOf(104), {
      day: '2024-03-04',
      horizon: 1,
      actual: 104,
      prediction: 102,
      lower: 97,
      upper: 106,
      naive: 100,
      squaredError: 4,
      absoluteError: 2,
      absolutePercentageError: 2 / 104,
      crps: crpsStudentT(0.02, 0.02, 5, change),
      naiveSquaredError: 16,
      naiveCrps: crpsNormal(0, 0.02, change),
      volatility: 0.02,
      change,
      changeError: change - 0.02,
      covered: true,
    });
  });

  it('of a series in differences are of differences, and have no percentage at 0', () => {
    const differences = {
      ...forecast,
      prediction: 0.5,
      lower: -2,
      upper: 3,
      naive: 0,
      distribution: { mean: 0.5, spread: 1, dof: 5 },
    };
    const score = (actual: number) =>
      scoreForecast({
        day: parseDay('2024-03-04'),
        actual,
        forecast: differences,
        naiveDistribution: { mean: 0, spread: 1, dof: Infinity },
        transform: 'difference',
      });
    assert.equal(score(-2).change, -2);
    assert.equal(score(-2).changeError, -2.5);
    assert.equal(score(-2).absolutePercentageError, 2.5 / 2);
    assert.equal(score(0).absolutePercentageError, null);
  });

  it('count the bounds as covered and nothing beyond', () => {
    assert.ok(scoreOf(97).covered);
    assert.ok(scoreOf(106).covered);
    assert.ok(!scoreOf(106.01).covered);
  });

  it('are told from missing by a hair below the lower bound too', () => {
    assert.ok(!scoreOf(96.99).covered);
  });
});
