import { learnCalendar } from '../series/calendar.ts';
import type { TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';
import { findDayFaults } from './dayFaults.ts';
import type { FaultKind, FeedFault } from './fault.ts';
import { findLevelFaults } from './levelFaults.ts';
import { findRepeatedTicks } from './repeatedTicks.ts';

/** A finding that is not to be made again: a person, or the days since, have shown that the bars of that day are right. */
export interface SettledFault {
  readonly kind: FaultKind;
  /** The first day of the finding. */
  readonly day: TradingDay;
}

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
}

/**
 * Faults in bars before they are stored. Bars from `day` to `lastDay` of a fault must be held back; the others may be stored.
 * A bar is judged by what came before it and by the bars sent along; real crashes are told from faults by their opening price,
 * by how close the jump is to a clean ratio, and by the series' own volatility.
 */
export function findFeedFaults({ known, lastBar, incoming, timeZone, settled = [] }: FaultQuestion): FeedFault[] {
  const isSettled = ({ kind, day }: SettledFault): boolean =>
    settled.some((each) => each.kind === kind && each.day === day);
  const last = known.days.at(-1);
  const calendar = learnCalendar(last === undefined ? incoming.map((bar) => bar.day).sort() : known.days, timeZone);
  const dayFaults = findDayFaults(known, incoming, calendar).filter((fault) => !isSettled(fault));
  const misdated = new Set(dayFaults.filter((fault) => fault.kind === 'swapped-date').map((fault) => fault.day));
  const fresh = incoming
    .filter((bar) => !misdated.has(bar.day) && (last === undefined || bar.day > last))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return [
    ...dayFaults,
    ...findLevelFaults(known, fresh, new Set(settled.map(({ day }) => day))),
    ...findRepeatedTicks(known, lastBar, fresh, calendar).filter((fault) => !isSettled(fault)),
  ].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}
