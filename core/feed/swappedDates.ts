import { isNonEmpty, last } from '../nonEmpty.ts';
import type { TradingCalendar } from '../series/calendar.ts';
import { addDays, parseDay, type TradingDay } from '../series/day.ts';
import { closesByDay, type PriceBar, type Series } from '../series/price.ts';
import type { FaultOf } from './fault.ts';

/** Closes of the same day agree to rounding; those of two days hardly ever do. */
const SAME_CLOSE = 1e-6;

/**
 * Bars whose day does not fit where they stand (a closed day, far from the others, sent twice, or known with another close) while
 * the day with month and date exchanged is one the feed owes.
 */
export function findSwappedDates(
  known: Series,
  bars: readonly PriceBar[],
  calendar: TradingCalendar,
): FaultOf<'swapped-date'>[] {
  const newest = known.days.at(-1);
  const closes = closesByDay(known);
  const sent = new Map<TradingDay, number>();
  for (const bar of bars) sent.set(bar.day, (sent.get(bar.day) ?? 0) + 1);
  const isPresent = (day: TradingDay): boolean => closes.has(day) || sent.has(day);

  const fits = (bar: PriceBar): boolean => {
    const stored = closes.get(bar.day);
    if (stored !== undefined) return Math.abs(bar.close / stored - 1) <= SAME_CLOSE && sent.get(bar.day) === 1;
    if (sent.get(bar.day) !== 1 || !calendar.isTradingDay(bar.day)) return false;
    if (newest !== undefined && bar.day < newest) return false;
    return isPresent(tradingDayBeside(calendar, bar.day, -1)) || isPresent(tradingDayBeside(calendar, bar.day, 1));
  };
  const fitting = [...(newest === undefined ? [] : [newest]), ...bars.filter(fits).map((bar) => bar.day)].sort();
  if (!isNonEmpty(fitting)) return [];
  const first = newest ?? fitting[0];
  const owedUpTo = tradingDayBeside(calendar, last(fitting), 1);
  return bars.flatMap((bar) => {
    if (fits(bar)) return [];
    const meant = exchangeDayAndMonth(bar.day);
    if (meant === undefined || isPresent(meant) || meant <= first || meant > owedUpTo) return [];
    if (!calendar.isTradingDay(meant)) return [];
    return [
      {
        kind: 'swapped-date',
        day: bar.day,
        lastDay: bar.day,
        evidence: { sentAs: bar.day, meant, close: bar.close },
        sentence: `The bar sent for ${bar.day} is that of ${meant}: day and month are swapped.`,
      } satisfies FaultOf<'swapped-date'>,
    ];
  });
}

/** The nearest trading day before (-1) or after (1) `day`; a year away at most. */
function tradingDayBeside(calendar: TradingCalendar, day: TradingDay, direction: -1 | 1): TradingDay {
  let beside = addDays(day, direction);
  for (let steps = 0; steps < 366 && !calendar.isTradingDay(beside); steps += 1) beside = addDays(beside, direction);
  return beside;
}

/** 2021-03-04 for 2021-04-03; `undefined` where that is no other day. */
function exchangeDayAndMonth(day: TradingDay): TradingDay | undefined {
  const [year, month, date] = [day.slice(0, 4), day.slice(5, 7), day.slice(8, 10)];
  if (Number(date) > 12 || month === date) return undefined;
  return parseDay(`${year}-${date}-${month}`); // any month has a day up to the twelfth
}
