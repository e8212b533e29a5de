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
