import { ShepherdError } from '../../../../core/errors.ts';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { PriceBar } from '../../../../core/series/price.ts';
import type { StockSplit } from '../../../../core/feed/fetched.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import { clipToRange, type PriceSource } from '../../../../shepherd/feeds/source.ts';
import { inUnit } from './market.ts';

/** What the feed offers at one moment, if it answers at all. */
export interface Offer {
  readonly answers: boolean;
  /** Everything it has of the symbol, oldest first. */
  readonly bars: readonly PriceBar[];
  /** Days whose bar it has wrong now, and the fault that must be found in each. */
  readonly wrong: ReadonlyMap<TradingDay, string>;
  /** Days on which the market truly leapt so far that it must look like a split which the feed forgot. */
  readonly leaps: readonly TradingDay[];
}

/** A feed that tells a simulated market day by day, with the lies, gaps and corrections that the test plants. */
export interface Feed {
  readonly source: PriceSource;
  today: TradingDay;
  /** Whether it answers at all. */
  answers: boolean;
  /** The bars of a symbol up to today have arrived. */
  deliver(symbol: SeriesSymbol): void;
  /** From now on it tells a day otherwise; `fault` names the fault that must be found, absent for a correction to be believed. */
  tell(symbol: SeriesSymbol, day: TradingDay, change: (bar: PriceBar) => PriceBar, fault?: string): void;
  /** It tells the day rightly again. */
  right(symbol: SeriesSymbol, day: TradingDay): void;
  /** A split: the whole history is told in the new unit from now on. */
  split(symbol: SeriesSymbol, split: StockSplit): void;
  offer(symbol: SeriesSymbol): Offer;
}

interface Told {
  upTo: TradingDay | undefined;
  unit: number;
  splits: StockSplit[];
  changes: Map<TradingDay, { change: (bar: PriceBar) => PriceBar; fault: string | undefined }>;
}

/** @param leaps by symbol, see `Offer`. */
export function createFeed(
  markets: Readonly<Record<string, readonly PriceBar[]>>,
  leaps: Readonly<Record<string, readonly TradingDay[]>>,
  today: TradingDay,
): Feed {
  const told = new Map(
    Object.keys(markets).map((symbol): [string, Told] => [
      symbol,
      { upTo: undefined, unit: 1, splits: [], changes: new Map() },
    ]),
  );
  const of = (symbol: SeriesSymbol): Told => told.get(symbol)!; // the test names its own symbols
  const barsOf = (symbol: SeriesSymbol): PriceBar[] => {
    const { upTo, unit, changes } = of(symbol);
    if (upTo === undefined) return [];
    return clipToRange(markets[symbol]!, { to: upTo }).map((bar) => {
      const now = inUnit(bar, unit);
      return changes.get(bar.day)?.change(now) ?? now;
    });
  };
  const feed: Feed = {
    today,
    answers: true,
    source: {
      name: 'yahoo',
      today: () => feed.today,
      describe: () => Promise.resolve({ timeZone: 'UTC' }),
      fetchBars: (symbol, range) =>
        feed.answers
          ? Promise.resolve({
              bars: clipToRange(barsOf(symbol), range),
              problems: [],
              splits: clipToRange(of(symbol).splits, range),
              timeZone: 'UTC',
            })
          : Promise.reject(new ShepherdError('FEED_UNAVAILABLE', 'The feed is down.')),
    },
    deliver: (symbol) => (of(symbol).upTo = feed.today),
    tell: (symbol, day, change, fault) => of(symbol).changes.set(day, { change, fault }),
    right: (symbol, day) => of(symbol).changes.delete(day),
    split: (symbol, split) => {
      of(symbol).splits.push(split);
      of(symbol).unit *= split.denominator / split.numerator;
    },
    offer: (symbol) => ({
      answers: feed.answers,
      bars: barsOf(symbol),
      leaps: leaps[symbol] ?? [],
      wrong: new Map(
        [...of(symbol).changes].flatMap(([day, { fault }]) => (fault === undefined ? [] : [[day, fault]])),
      ),
    }),
  };
  return feed;
}
