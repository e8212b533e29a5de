import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAdmission } from '../../../estimator/serving/admission.ts';

test('never more run or wait than allowed, one more is turned away at once, and every place is given back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (running, waiting, fates) => {
        const admission = createAdmission({ running, waiting });
        let active = 0;
        const outcomes = await Promise.allSettled(
          fates.map((fails) =>
            admission.run(async () => {
              active += 1;
              assert.ok(active <= running);
              await new Promise((resolve) => setImmediate(resolve));
              active -= 1;
              if (fails) throw new Error('work failed');
            }),
          ),
        );
        const turnedAway = outcomes.filter(
          (outcome) => outcome.status === 'rejected' && (outcome.reason as { code?: string }).code === 'OVERLOADED',
        );
        assert.equal(turnedAway.length, Math.max(0, fates.length - running - waiting));
        assert.equal(await admission.run(() => Promise.resolve('in again')), 'in again');
      },
    ),
  );
});

test('those who wait get their turn in the order they came, and one too many is told how many are before it', async () => {
  const admission = createAdmission({ running: 1, waiting: 2 });
  const order: number[] = [];
  const ends: (() => void)[] = [];
  const enter = (name: number): Promise<void> =>
    admission.run(async () => {
      order.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = [enter(1), enter(2), enter(3)];
  await assert.rejects(enter(4), {
    code: 'OVERLOADED',
    message: '2 long requests are waiting already; try again in a moment or ask for less at once.',
  });
  for (let i = 0; i < 3; i += 1) {
    assert.equal(order.length, i + 1);
    ends[i]!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  assert.deepEqual(order, [1, 2, 3]);
});
