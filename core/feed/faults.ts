import { learnCalendar } from '../series/calendar.ts';
import type { TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';
import { findDayFaults } from './dayFaults.ts';
import type { FeedFault, SettledFault } from './fault.ts';
import { findLevelFaults } from './levelFaults.ts';
import { findRepeatedTicks } from './repeatedTicks.ts';

export interface FaultQuestion {
  /** What is stored already, oldest first; may be empty. Closes above 0. */
  readonly known: Series;
  /** The last stored bar in full, if there is one: a copy of it is a repeated tick. */
  readonly lastBar?: PriceBar | undefined;
  /** Bars from the feed, in any order; they may overlap the known days. Closes above 0. */
  readonly incoming: readonly PriceBar[];
  /** IANA time zone of the exchange, for its holidays. */
  readonly timeZone?: string;
  readonly settled?: readonly SettledFault[];
  /** Days that the feed sent and that are not judged: they are not missing. */
  readonly putAside?: readonly TradingDay[];
}

/**
 * Faults in bars before they are stored. Bars from `day` to `lastDay` of a fault must be held back; the others may be stored.
 * A bar is judged by what came before it and by the bars sent along; real crashes are told from faults by their opening price,
 * by how close the jump is to a clean ratio, and by the series' own volatility.
 */
export function findFeedFaults({
  known,
  lastBar,
  incoming,
  timeZone,
  settled = [],
  putAside = [],
}: FaultQuestion): FeedFault[] {
  const isSettled = ({ kind, day }: SettledFault): boolean =>
    settled.some((each) => each.kind === kind && each.day === day);
  const last = known.days.at(-1);
  const calendar = learnCalendar(last === undefined ? incoming.map((bar) => bar.day).sort() : known.days, timeZone);
  const dayFaults = findDayFaults(known, incoming, calendar, putAside).filter((fault) => !isSettled(fault));
  const misdated = new Set(dayFaults.filter((fault) => fault.kind === 'swapped-date').map((fault) => fault.day));
  const fresh = incoming
    .filter((bar) => !misdated.has(bar.day) && (last === undefined || bar.day > last))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return [
    ...dayFaults,
    ...findLevelFaults(known, fresh, isSettled),
    ...findRepeatedTicks(known, lastBar, fresh, calendar).filter((fault) => !isSettled(fault)),
  ].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}
