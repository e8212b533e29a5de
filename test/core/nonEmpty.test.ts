import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNonEmpty, last, type NonEmpty } from '../../core/nonEmpty.ts';

describe('a list that is not empty', () => {
  it('is told by its length', () => {
    assert.equal(isNonEmpty([]), false);
    assert.equal(isNonEmpty([undefined]), true);
  });

  it('has a last element, which may be its first', () => {
    assert.equal(last(['a', 'b']), 'b');
    assert.equal(last(['a']), 'a');
    assert.equal(last([0, null]), null);
  });

  it('is not to be had of an empty one', () => {
    // @ts-expect-error an empty list has no first element
    const empty: NonEmpty<number> = [];
    assert.equal(empty.length, 0);
  });
});
