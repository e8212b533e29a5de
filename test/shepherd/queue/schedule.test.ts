import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dueSlot } from '../../../shepherd/queue/schedule.ts';

const at = (text: string): number => Date.parse(text);

test('the slot is the newest scheduled minute at or before now', () => {
  assert.deepEqual(dueSlot('15 22 * * *', at('2026-03-02T22:15:00Z')), {
    slot: '2026-03-02T22:15Z',
    trigger: 'schedule',
  });
  assert.deepEqual(dueSlot('15 22 * * *', at('2026-03-02T22:14:59Z')), {
    slot: '2026-03-01T22:15Z',
    trigger: 'catch-up',
  });
});

test('an outage of a week is one catch-up', () => {
  assert.deepEqual(dueSlot('15 22 * * 1-5', at('2026-03-08T09:00:00Z')), {
    slot: '2026-03-06T22:15Z',
    trigger: 'catch-up',
  });
});

test('slots do not move when clocks change in Europe or America', () => {
  for (const day of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01']) {
    assert.equal(dueSlot('30 2 * * *', at(`${day}T02:30:20Z`)).slot, `${day}T02:30Z`);
  }
});

test('time going on never makes the slot older, and a clock turned back names a slot already claimed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1.6e12, max: 1.8e12 }), fc.integer({ min: 0, max: 1e9 }), (now, later) => {
      assert.ok(dueSlot('*/20 * * * *', now).slot <= dueSlot('*/20 * * * *', now + later).slot);
    }),
  );
});
