import type { FetchedBars } from '../../core/feed/fetched.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { DayRange } from '../../db/tables/prices.ts';
import type { SourceName } from '../../db/tables/series.ts';

/** Which days are wanted, and of what. */
export interface FeedQuestion extends DayRange {
  /** Header of the column to take as the price, for files that have several. */
  readonly column?: string | undefined;
}

/** A port to a feed of daily prices. Every source answers in the same values; what cannot be read is a named problem, not a guess. */
export interface PriceSource {
  readonly name: SourceName;
  /** The day it is by the feed's own clock; rules take "today" from here, never from the machine. */
  today(): TradingDay;
  /** Whether nothing more will ever come; absent for a feed that goes on. */
  isOver?(): boolean;
  /**
   * @throws ShepherdError UNKNOWN_SYMBOL, or FEED_UNAVAILABLE when the feed does not answer in time.
   */
  describe(symbol: SeriesSymbol, signal?: AbortSignal): Promise<SeriesDescription>;
  /**
   * Closed days of `symbol` in the range that is asked for; no rows is an empty answer, not an error.
   * @throws ShepherdError UNKNOWN_SYMBOL, FEED_UNAVAILABLE, INVALID_CSV, or CANCELLED when `signal` stops it.
   */
  fetchBars(symbol: SeriesSymbol, question: FeedQuestion, signal?: AbortSignal): Promise<FetchedBars>;
}

export interface SeriesDescription {
  /** IANA name of the exchange's zone, for example `America/New_York`. */
  readonly timeZone: string;
}

/** `bars` inside `range`, both ends included. */
export function clipToRange<T extends { readonly day: TradingDay }>(bars: readonly T[], range: DayRange): T[] {
  return bars.filter(
    ({ day }) => (range.from === undefined || day >= range.from) && (range.to === undefined || day <= range.to),
  );
}
