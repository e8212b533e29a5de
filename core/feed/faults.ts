import { learnCalendar } from '../series/calendar.ts';
import type { TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';
import { findDayFaults } from './dayFaults.ts';
import { findLevelFaults } from './levelFaults.ts';
import { findRepeatedTicks } from './repeatedTicks.ts';

export type FeedFaultKind =
  | 'invalid-price'
  | 'split-unadjusted'
  | 'unit-error'
  | 'repeated-tick'
  | 'swapped-date'
  | 'missing-days'
  | 'restated-history';

/** Something wrong with what the feed sent: quarantined and named, never a reason to retrain. */
export interface FeedFault {
  readonly kind: FeedFaultKind;
  /** The first and the last day concerned. For `missing-days` there are no bars to quarantine between them. */
  readonly day: TradingDay;
  readonly lastDay: TradingDay;
  /** Numbers behind the finding, for the record. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** One sentence for a person. */
  readonly sentence: string;
}

export interface FaultQuestion {
  /** What is stored already, oldest first; may be empty. */
  readonly known: Series;
  /** The last stored bar in full, if there is one: a copy of it is a repeated tick. */
  readonly lastBar?: PriceBar;
  /** Bars from the feed, in any order; they may overlap the known days. */
  readonly incoming: readonly PriceBar[];
  /** IANA time zone of the exchange, for its holidays. */
  readonly timeZone?: string;
}

/**
 * Faults in bars before they are stored. Bars from `day` to `lastDay` of a fault must be quarantined; the others may be stored.
 * A bar is judged by what came before it and by the bars sent along; real crashes are told from faults by their opening price,
 * by how close the jump is to a clean ratio, and by the series' own volatility.
 */
export function findFeedFaults(question: FaultQuestion): FeedFault[] {
  const levelsMayBeNegative = question.known.closes.some((close) => close <= 0);
  const invalid = question.incoming.filter((bar) => !isPrice(bar.close, levelsMayBeNegative));
  const valid = question.incoming.filter((bar) => isPrice(bar.close, levelsMayBeNegative));
  const last = question.known.days.at(-1);
  const calendar = learnCalendar(
    last === undefined ? valid.map((bar) => bar.day).sort() : question.known.days,
    question.timeZone,
  );

  const dayFaults = findDayFaults(question.known, valid, calendar);
  const misdated = new Set(dayFaults.filter((fault) => fault.kind === 'swapped-date').map((fault) => fault.day));
  const fresh = valid
    .filter((bar) => !misdated.has(bar.day) && (last === undefined || bar.day > last))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const levelFaults = levelsMayBeNegative ? [] : findLevelFaults(question.known, fresh);
  return [
    ...invalid.map(invalidPrice),
    ...dayFaults,
    ...levelFaults,
    ...findRepeatedTicks(question.known, question.lastBar, fresh, calendar),
  ].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

function isPrice(close: number, mayBeNegative: boolean): boolean {
  return Number.isFinite(close) && (mayBeNegative || close > 0);
}

function invalidPrice(bar: PriceBar): FeedFault {
  return {
    kind: 'invalid-price',
    day: bar.day,
    lastDay: bar.day,
    evidence: { close: String(bar.close) },
    sentence: `The close of ${bar.day} is ${bar.close}, not a positive number.`,
  };
}
