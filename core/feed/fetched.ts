import type { TradingDay } from '../series/day.ts';
import type { PriceBar } from '../series/price.ts';

export interface FetchedBars {
  /** Ascending, one a day, finite; whether they must be positive depends on the series' transform, and `judgeBars` sees to it. */
  readonly bars: readonly PriceBar[];
  readonly problems: readonly FeedProblem[];
  readonly splits: readonly StockSplit[];
  readonly timeZone: string;
}

/** `numerator` new shares for `denominator` old ones, from the opening of `day` on. */
export interface StockSplit {
  readonly day: TradingDay;
  readonly numerator: number;
  readonly denominator: number;
}

/** A row that cannot be a price: which symbol, day and field, what was read, and what was expected. */
export interface FeedProblem {
  readonly day: TradingDay;
  readonly field: string;
  /** What was read, as JSON cut short. */
  readonly read: string;
  readonly sentence: string;
}
