import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { coverage, intervalScore } from '../../../core/metrics/coverage.ts';
import {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  rootMeanSquaredError,
  skill,
} from '../../../core/metrics/pointError.ts';

const predicted = [100, 110, 90];
const actual = [98, 116, 100];

describe('errors of point forecasts', () => {
  it('are the textbook means', () => {
    assert.equal(meanSquaredError(predicted, actual), (4 + 36 + 100) / 3);
    assert.equal(rootMeanSquaredError(predicted, actual), Math.sqrt(140 / 3));
    assert.equal(meanAbsoluteError(predicted, actual), 6);
    assert.equal(meanAbsolutePercentageError(predicted, actual), (2 / 98 + 6 / 116 + 0.1) / 3);
  });

  it('are NaN for no days and refused for unequal lengths', () => {
    assert.ok(Number.isNaN(meanSquaredError([], [])));
    assert.throws(() => meanSquaredError([1], [1, 2]), ShepherdError);
  });

  it('give skill above 0 to the better forecast, and none where naive made no error', () => {
    assert.equal(skill(3, 4), 0.25);
    assert.equal(skill(8, 4), -1);
    assert.equal(skill(1, 0), null);
    assert.equal(skill(Number.NaN, Number.NaN), null);
  });
});

describe('bands', () => {
  it('cover the share of days inside, and nothing is known without days', () => {
    assert.equal(coverage([{ covered: true }, { covered: false }, { covered: true }, { covered: true }]), 0.75);
    assert.equal(coverage([]), null);
  });

  it('score their width, and a miss 2 / (1 - level) times its distance', () => {
    assert.equal(intervalScore(1, 3, 0.5, 2), 2);
    assert.equal(intervalScore(1, 3, 0.5, 4), 2 + 4);
    assert.equal(intervalScore(1, 3, 0.5, 0.5), 2 + 2);
  });
});
