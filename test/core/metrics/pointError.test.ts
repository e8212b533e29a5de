import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { coverage } from '../../../core/metrics/coverage.ts';
import { meanSquaredError, skill } from '../../../core/metrics/pointError.ts';

const predicted = [100, 110, 90];
const actual = [98, 116, 100];

describe('errors of point forecasts', () => {
  it('are the mean of their squares', () => {
    assert.equal(meanSquaredError(predicted, actual), (4 + 36 + 100) / 3);
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
});
