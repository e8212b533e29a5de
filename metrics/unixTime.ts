import { dayNumber } from '../core/series/day.ts';
import type { TradingDay } from '../core/series/day.ts';

const SECONDS_A_DAY = 86_400;

/** Unix time of an instant in ISO text. */
export function unixSeconds(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** Unix time of the start of a day, UTC. */
export function startOfDay(day: TradingDay): number {
  return dayNumber(day) * SECONDS_A_DAY;
}
