import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import type { DayRange } from '../../db/prices.ts';
import type { SourceName } from '../../db/series.ts';

/** A port to a feed of daily prices. Every source answers in the same values; what cannot be read is a named problem, not a guess. */
export interface PriceSource {
  readonly name: SourceName;
  /** The day it is by the feed's own clock; rules take "today" from here, never from the machine. */
  today(): TradingDay;
  /**
   * @throws ShepherdError UNKNOWN_SYMBOL, or FEED_UNAVAILABLE when the feed does not answer in time.
   */
  describe(symbol: string, signal?: AbortSignal): Promise<SeriesDescription>;
  /**
   * Closed days of `symbol` in `range`; no rows is an empty answer, not an error.
   * @throws ShepherdError UNKNOWN_SYMBOL, FEED_UNAVAILABLE, INVALID_CSV, or CANCELLED when `signal` stops it.
   */
  fetchBars(symbol: string, range: DayRange, signal?: AbortSignal): Promise<FetchedBars>;
}

export interface SeriesDescription {
  /** IANA name of the exchange's zone, for example `America/New_York`. */
  readonly timeZone: string;
}

export interface FetchedBars {
  /** Ascending, one a day, finite; whether they must be positive depends on the series (see `separatePrices`). */
  readonly bars: readonly PriceBar[];
  readonly problems: readonly FeedProblem[];
  readonly splits: readonly Split[];
  readonly timeZone: string;
}

/** `numerator` new shares for `denominator` old ones, from the opening of `day` on. */
export interface Split {
  readonly day: TradingDay;
  readonly numerator: number;
  readonly denominator: number;
}

/** A row that cannot be a price: which symbol, day and field, what was read, and what was expected. */
export interface FeedProblem {
  readonly day: TradingDay;
  readonly field: string;
  readonly value: unknown;
  readonly sentence: string;
}

/** `bars` inside `range`, both ends included. */
export function clipToRange<T extends { readonly day: TradingDay }>(bars: readonly T[], range: DayRange): T[] {
  return bars.filter(
    ({ day }) => (range.from === undefined || day >= range.from) && (range.to === undefined || day <= range.to),
  );
}
