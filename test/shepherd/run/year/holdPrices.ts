import assert from 'node:assert/strict';
import type { PriceBar } from '../../../../core/series/price.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { Books } from './books.ts';
import { assertSame } from './figures.ts';

/** Holds the tables of prices, revisions and faults to what the feed told. */
export function holdPrices({ symbols, record }: Books): void {
  for (const [symbol, { prices }] of symbols) {
    const of = <T extends { readonly symbol: SeriesSymbol }>(rows: readonly T[]): T[] =>
      rows.filter((row) => row.symbol === symbol);
    assertSame(of(record.prices).map(figuresOf), prices.bars.map(figuresOf), `prices of ${symbol}`);
    for (const { day, storedAt } of of(record.prices)) {
      const { from, to } = prices.written.get(day)!; // every day of the book was written by a pull
      const what = `${symbol} ${day} was stored at another time than it was last told: estimators would not hear of it`;
      assert.ok(storedAt >= from && storedAt <= to, what);
    }
    assertSame(
      byDay(of(record.revisions)).map(({ day, old, new: now, oldVolume }) => ({ day, old, now, oldVolume })),
      byDay(prices.revisions).map(({ day, old, new: now }) => {
        return { day, old: old.close, now: now.close, oldVolume: old.volume };
      }),
      `revisions of ${symbol}`,
    );
    assertSame(
      of(record.faults).map(({ symbol: _, ...fault }) => fault),
      byDay(prices.faults).map(({ bar: { close }, ...fault }) => ({ ...fault, close })),
      `faults of ${symbol}`,
    );
  }
}

function figuresOf({ day, close, open, high, low, volume }: Omit<PriceBar, 'adjustedClose'>): object {
  return { day, close, open, high, low, volume };
}

/** One transaction may write its rows in any order. */
function byDay<T extends { readonly day: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}
