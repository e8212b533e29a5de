import type { PriceBar, Series } from '../../core/series/price.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { RevisedClose } from '../../db/prices.ts';
import type { Split } from './source.ts';

/** Above the rounding of a 32-bit float (6e-8), in which Yahoo keeps prices; far below any dividend or split. */
const ROUNDING = 1e-6;
/** Fewer changed closes may share a factor by chance. */
const FEWEST_DAYS = 3;
/** How far a single close may be from the common factor, as a part of the change: prices are often rounded to cents. */
const SCATTER = 0.1;

/** Past closes multiplied by one factor: a split, or an adjustment for a dividend. */
export interface Restatement {
  readonly factor: number;
  readonly days: number;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** The split that explains the factor, where the feed tells of one. */
  readonly split: Split | undefined;
}

/** Whether the oldest day known to both has another close now: then the days before it, which were not fetched, have changed as well. */
export function reachesFurtherBack(known: Series, bars: readonly PriceBar[]): boolean {
  const fetched = new Map(bars.map(({ day, close }) => [day, close]));
  const oldest = known.days.findIndex((day) => fetched.has(day));
  if (oldest === -1) return false;
  const [before, now] = [known.closes[oldest]!, fetched.get(known.days[oldest]!)!];
  return Math.abs(now - before) > ROUNDING * Math.abs(before);
}

/** One restatement in place of many revisions, when the changed closes share a factor; else `undefined`. */
export function findRestatement(revised: readonly RevisedClose[], splits: readonly Split[]): Restatement | undefined {
  if (revised.length < FEWEST_DAYS) return undefined;
  const factors = revised.map((close) => close.new / close.old).sort((a, b) => a - b);
  const factor = factors[factors.length >> 1]!;
  const most = SCATTER * Math.abs(factor - 1);
  if (most === 0 || !factors.every((other) => Math.abs(other - factor) <= most)) return undefined;
  const split = splits.findLast(({ numerator, denominator }) => Math.abs(denominator / numerator - factor) <= most);
  return { factor, days: revised.length, from: revised[0]!.day, to: revised.at(-1)!.day, split };
}
