import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  forecastLosses,
  naiveLosses,
  normalisedCrps,
  normalisedNaiveCrps,
  toLossDay,
} from '../../../core/cycle/losses.ts';
import type { DayScore } from '../../../core/forecast/score.ts';
import { parseDay } from '../../../core/series/day.ts';

const day = parseDay('2024-03-04');
const score: DayScore = {
  day,
  horizon: 1,
  actual: 101,
  prediction: 100,
  lower: 99,
  upper: 102,
  naive: 100,
  squaredError: 1,
  absoluteError: 1,
  absolutePercentageError: 1 / 101,
  crps: 0.25,
  naiveSquaredError: 1,
  naiveCrps: 0.5,
  volatility: 0.5,
  change: 0.25,
  changeError: -0.125,
  covered: true,
};
const still = { ...score, volatility: 0 };

test('losses are in units of the volatility that was known before; of a series that stood still they are as they are', () => {
  assert.deepEqual([normalisedCrps(score), normalisedNaiveCrps(score)], [0.5, 1]);
  assert.deepEqual([normalisedCrps(still), normalisedNaiveCrps(still)], [0.25, 0.5]);
});

test('a gate compares the error of the change for the model, and the change itself for naive', () => {
  const days = [day, day];
  assert.deepEqual(forecastLosses([score, still]), { days, crps: [0.5, 0.25], squaredError: [1 / 16, 1 / 64] });
  assert.deepEqual(naiveLosses([score, still]), { days, crps: [1, 0.5], squaredError: [1 / 4, 1 / 16] });
});

test('what the check of losses keeps of a score is what its losses are made of', () => {
  assert.deepEqual(toLossDay(score), { day, crps: 0.25, naiveCrps: 0.5, volatility: 0.5 });
});
