import { schedule as scheduleCron } from 'node-cron';
import type { DueSlot } from './schedule.ts';
import { dueSlot } from './schedule.ts';

/** Calls `tick` with each slot as it falls due, first at once with the newest one missed. */
export interface Clock {
  stop(): Promise<void>;
}

export interface ClockOptions {
  readonly now: () => number;
  readonly tick: (due: DueSlot) => void;
}

/** Follows a cron expression in UTC; node-cron only says "now", which slot that is comes from the time itself. */
export function startCronClock(expression: string, { now, tick }: ClockOptions): Clock {
  const fire = (): void => {
    tick(dueSlot(expression, now()));
  };
  fire();
  const task = scheduleCron(expression, fire, { timezone: 'UTC', name: 'shepherd', suppressMissedWarning: true });
  return {
    async stop() {
      await task.destroy();
    },
  };
}

/** Follows a feed that has its own calendar: a slot for each new day it shows. */
export function startFeedClock(today: () => string, everyMs: number, { tick }: Pick<ClockOptions, 'tick'>): Clock {
  let last: string | undefined;
  const fire = (): void => {
    const day = today();
    if (day === last) return;
    last = day;
    tick({ slot: day, trigger: 'schedule' });
  };
  fire();
  const timer = setInterval(fire, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
