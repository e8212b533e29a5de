import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coverage } from '../../../core/metrics/coverage.ts';
import { skill } from '../../../core/metrics/skill.ts';

describe('skill of point forecasts', () => {
  it('is above 0 for the better forecast, and there is none where naive made no error', () => {
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
