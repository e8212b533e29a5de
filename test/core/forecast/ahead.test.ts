import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ahead } from '../../../core/forecast/ahead.ts';

describe('what lies so many days ahead', () => {
  it('is counted from tomorrow', () => {
    assert.equal(ahead(['tomorrow', 'the day after'], 1), 'tomorrow');
    assert.equal(ahead(['tomorrow', 'the day after'], 2), 'the day after');
  });

  it('ends where the list ends, and does not begin today', () => {
    assert.throws(() => ahead(['tomorrow'], 2), new RangeError('no element for 2 days ahead among 1'));
    assert.throws(() => ahead(['tomorrow'], 0), RangeError);
  });
});
