import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { paired, successive } from '../../core/paired.ts';

describe('paired', () => {
  it('sets two lists side by side, whatever holds them', () => {
    assert.deepEqual(paired(['a', 'b'], Float64Array.of(1, 2)), [
      ['a', 1],
      ['b', 2],
    ]);
    assert.deepEqual(paired([], []), []);
  });

  it('refuses lists of different lengths instead of making up an element', () => {
    assert.throws(() => paired([1, 2], [1]), new RangeError('2 elements cannot be paired with 1'));
    assert.throws(() => paired([], [1]), RangeError);
  });
});

describe('successive', () => {
  it('gives each element with the one after it', () => {
    assert.deepEqual(successive([1, 2, 3]), [
      [1, 2],
      [2, 3],
    ]);
  });

  it('has nothing to give of one element or none', () => {
    assert.deepEqual(successive([1]), []);
    assert.deepEqual(successive([]), []);
  });
});
