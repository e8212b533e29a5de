import { isNonEmpty, last } from '../nonEmpty.ts';
import { successive } from '../paired.ts';
import { tradingDaysBetween, type TradingCalendar } from '../series/calendar.ts';
import { addDays, type TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';
import type { FaultOf } from './fault.ts';
import { findSwappedDates } from './swappedDates.ts';

/** Where holidays are only guessed, a gap of so many trading days is not yet a fault, nor one as long as the series has had before. */
const TOLERATED_GAP = 2;

/**
 * Faults of dates: day and month swapped, days missing.
 * @param putAside days that were sent as well, in bars that are not judged.
 */
export function findDayFaults(
  known: Series,
  bars: readonly PriceBar[],
  calendar: TradingCalendar,
  putAside: readonly TradingDay[] = [],
): (FaultOf<'swapped-date'> | FaultOf<'missing-days'>)[] {
  const swapped = findSwappedDates(known, bars, calendar);
  const misdated = new Set(swapped.map((fault) => fault.day));
  const rest = bars.filter((bar) => !misdated.has(bar.day));
  // A misdated bar is a day the feed did send, under another name.
  const meant = swapped.map(({ evidence }) => evidence.meant);
  const sent = [...rest.map((bar) => bar.day), ...meant, ...putAside];
  return [...swapped, ...findMissing(known.days, sent, calendar)];
}

/** Trading days that the new bars leave out, a fault a gap. */
function findMissing(
  known: readonly TradingDay[],
  days: readonly TradingDay[],
  calendar: TradingCalendar,
): FaultOf<'missing-days'>[] {
  const newest = known.at(-1);
  const fresh = [...new Set(days)].filter((day) => newest === undefined || day > newest).sort();
  const all = newest === undefined ? fresh : [newest, ...fresh];
  let tolerated: number | undefined;
  const faults: FaultOf<'missing-days'>[] = [];
  for (const [after, before] of successive(all)) {
    const absent = daysAbsent(calendar, after, before);
    if (!isNonEmpty(absent)) continue;
    tolerated ??= Math.max(TOLERATED_GAP, longestGap(known, calendar));
    if (!absent.every(calendar.isCertain) && absent.length <= tolerated) continue;
    const [day, lastDay] = [absent[0], last(absent)];
    const days = day === lastDay ? day : `${day} to ${lastDay}`;
    faults.push({
      kind: 'missing-days',
      day,
      lastDay,
      evidence: { days: absent.length, after, before },
      sentence: `${absent.length} trading day(s) are missing from the feed: ${days}.`,
    });
  }
  return faults;
}

function longestGap(known: readonly TradingDay[], calendar: TradingCalendar): number {
  let longest = 0;
  for (const [after, before] of successive(known)) {
    longest = Math.max(longest, daysAbsent(calendar, after, before).length);
  }
  return longest;
}

function daysAbsent(calendar: TradingCalendar, after: TradingDay, before: TradingDay): TradingDay[] {
  return addDays(after, 1) === before ? [] : tradingDaysBetween(calendar, after, before);
}
