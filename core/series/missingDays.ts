import { learnCalendar, tradingDaysBetween } from './calendar.ts';
import { addDays, type TradingDay } from './day.ts';

/**
 * Trading days between the first and the last that the series should have and has not, by its own calendar: the weekdays it trades on, the
 * holidays of its exchange or those it repeats every year. A closing that came once is counted as missing.
 * @param days ascending.
 */
export function missingTradingDays(days: readonly TradingDay[], timeZone?: string): TradingDay[] {
  const calendar = learnCalendar(days, timeZone);
  return days.flatMap((day, i) => {
    const next = days[i + 1];
    return next === undefined || next === addDays(day, 1) ? [] : tradingDaysBetween(calendar, day, next);
  });
}
