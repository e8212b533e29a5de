import { tradingDaysBetween, type TradingCalendar } from '../series/calendar.ts';
import { addDays, type TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';
import type { FaultOf } from './fault.ts';
import { findSwappedDates } from './swappedDates.ts';

/** Where holidays are only guessed, a gap of so many trading days is not yet a fault, nor one as long as the series has had before. */
const TOLERATED_GAP = 2;

/** Faults of dates: day and month swapped, days missing. */
export function findDayFaults(
  known: Series,
  bars: readonly PriceBar[],
  calendar: TradingCalendar,
): (FaultOf<'swapped-date'> | FaultOf<'missing-days'>)[] {
  const swapped = findSwappedDates(known, bars, calendar);
  const misdated = new Set(swapped.map((fault) => fault.day));
  const rest = bars.filter((bar) => !misdated.has(bar.day));
  // A misdated bar is a day the feed did send, under another name.
  const meant = swapped.map(({ evidence }) => evidence.meant);
  return [...swapped, ...findMissing(known.days, [...rest.map((bar) => bar.day), ...meant], calendar)];
}

/** Trading days that the new bars leave out, a fault a gap. */
function findMissing(
  known: readonly TradingDay[],
  days: readonly TradingDay[],
  calendar: TradingCalendar,
): FaultOf<'missing-days'>[] {
  const last = known.at(-1);
  const fresh = [...new Set(days)].filter((day) => last === undefined || day > last).sort();
  const all = last === undefined ? fresh : [last, ...fresh];
  let tolerated: number | undefined;
  const faults: FaultOf<'missing-days'>[] = [];
  for (let i = 1; i < all.length; i += 1) {
    const absent = daysAbsent(calendar, all[i - 1]!, all[i]!);
    if (absent.length === 0) continue;
    tolerated ??= Math.max(TOLERATED_GAP, longestGap(known, calendar));
    if (!absent.every(calendar.isCertain) && absent.length <= tolerated) continue;
    const days = absent.length === 1 ? absent[0]! : `${absent[0]!} to ${absent.at(-1)}`;
    faults.push({
      kind: 'missing-days',
      day: absent[0]!,
      lastDay: absent.at(-1)!,
      evidence: { days: absent.length, after: all[i - 1]!, before: all[i]! },
      sentence: `${absent.length} trading day(s) are missing from the feed: ${days}.`,
    });
  }
  return faults;
}

function longestGap(known: readonly TradingDay[], calendar: TradingCalendar): number {
  let longest = 0;
  for (let i = 1; i < known.length; i += 1) {
    longest = Math.max(longest, daysAbsent(calendar, known[i - 1]!, known[i]!).length);
  }
  return longest;
}

function daysAbsent(calendar: TradingCalendar, after: TradingDay, before: TradingDay): TradingDay[] {
  return addDays(after, 1) === before ? [] : tradingDaysBetween(calendar, after, before);
}
