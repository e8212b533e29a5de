import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plural, theLast } from '../../../core/prose/plural.ts';

test('one is one, everything else is many, and thousands are apart', () => {
  assert.equal(plural(1, 'bar'), '1 bar');
  assert.equal(plural(0, 'bar'), '0 bars');
  assert.equal(plural(4968, 'new day'), '4,968 new days');
  assert.equal(plural(2, 'try', 'tries'), '2 tries');
});

test('the last of one is said without the one', () => {
  assert.equal(theLast(1, 'day'), 'the last day');
  assert.equal(theLast(60, 'day'), 'the last 60 days');
});
