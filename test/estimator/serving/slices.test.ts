import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inSlices } from '../../../estimator/serving/slices.ts';

test('every index is visited once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(50), fc.nat(100), fc.integer({ min: 1, max: 9 }), async (from, length, step) => {
      const seen: number[] = [];
      await inSlices({ from, to: from + length, step }, (a, b) => {
        for (let i = a; i < b; i += 1) seen.push(i);
      });
      assert.deepEqual(
        seen,
        Array.from({ length }, (_, i) => from + i),
      );
    }),
  );
});

test('others get their turn whenever four milliseconds are used up, and the work ends when it is no longer wanted', async () => {
  let clock = 0;
  let pieces = 0;
  const turnsAt: number[] = [];
  const other = (): void => {
    turnsAt.push(pieces);
    if (pieces < 12) setImmediate(other);
  };
  setImmediate(other);
  await inSlices(
    { from: 0, to: 1_000, step: 1 },
    () => {
      pieces += 1;
      clock += 1;
    },
    () => pieces === 12,
    () => clock,
  );
  assert.equal(pieces, 12);
  assert.deepEqual(turnsAt, [4, 8, 12]);
});
