import { CronExpressionParser } from 'cron-parser';

/** A moment of the schedule, written as the UTC minute it stands for: `2026-11-20T22:15Z`. */
export interface DueSlot {
  readonly slot: string;
  readonly trigger: 'schedule' | 'catch-up';
}

/** A slot answered this much later than its time was missed (a restart, an outage) and is caught up. */
const LATE_AFTER_MS = 90_000;

/**
 * The newest slot of a UTC cron expression at or before `now`. Older missed slots are covered by it: one catch-up, not many.
 * Claiming the same slot twice is harmless (the slot ledger has a unique key), so a clock turned back runs nothing again.
 */
export function dueSlot(expression: string, now: number): DueSlot {
  // One millisecond later, so that a slot exactly at `now` counts as due.
  const due = CronExpressionParser.parse(expression, { currentDate: new Date(now + 1), tz: 'UTC' })
    .prev()
    .getTime();
  return {
    slot: `${new Date(due).toISOString().slice(0, 16)}Z`,
    trigger: now - due > LATE_AFTER_MS ? 'catch-up' : 'schedule',
  };
}
