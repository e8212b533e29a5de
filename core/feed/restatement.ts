import { isNonEmpty, last } from '../nonEmpty.ts';
import type { TradingDay } from '../series/day.ts';
import { closesByDay, type PriceBar, type Series } from '../series/price.ts';
import { upperMedian } from '../stats/median.ts';
import type { FaultOf } from './fault.ts';
import type { StockSplit } from './fetched.ts';
import { price } from '../prose/figures.ts';

/** Above the rounding of a 32-bit float (6e-8), in which Yahoo keeps prices; far below any dividend or split. */
const ROUNDING = 1e-6;
/** Fewer changed closes may share a factor by chance. */
const FEWEST_DAYS = 3;
/** How far a single close may be from the common factor, as a part of the change: prices are often rounded to cents. */
const SCATTER = 0.1;

/** Decimal powers between units of money, and how far a rounded price may be from them. */
const UNIT_POWERS = [2, 3];
const UNIT_TOLERANCE = 0.01;

/** A past close that the feed has since changed. */
export interface RevisedClose {
  readonly day: TradingDay;
  readonly old: number;
  readonly new: number;
}

/** Past closes multiplied by one factor: a split, or an adjustment for a dividend. */
export interface Restatement {
  readonly factor: number;
  readonly days: number;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** The split that explains the factor, where the feed tells of one. */
  readonly split: StockSplit | undefined;
}

/** Whether the oldest day known to both has another close now: then the days before it, which were not fetched, have changed as well. */
export function reachesFurtherBack(known: Series, bars: readonly PriceBar[]): boolean {
  const [oldest] = compareCloses(known, bars);
  return oldest !== undefined && Math.abs(oldest.new - oldest.old) > ROUNDING * Math.abs(oldest.old);
}

/**
 * A whole history in another unit (pence for pounds): a factor of 100 or 1,000 that no split explains. It must not be stored,
 * as it would be right in itself and wrong beside everything else. All of `bars` are concerned.
 */
export function findUnitChange(
  known: Series,
  bars: readonly PriceBar[],
  splits: readonly StockSplit[],
): FaultOf<'unit-changed'> | undefined {
  const restatement = findRestatement(compareCloses(known, bars), splits);
  if (restatement === undefined || restatement.split !== undefined) return undefined;
  const { factor, days } = restatement;
  const [day, lastDay] = [bars[0]?.day ?? restatement.from, bars.at(-1)?.day ?? restatement.to];
  const size = Math.abs(Math.log10(factor));
  if (!UNIT_POWERS.some((power) => Math.abs(size - power) < UNIT_TOLERANCE)) return undefined;
  const sentence = `All closes changed by a factor of ${price(Number(factor.toPrecision(3)))} without a split; expected the unit they had.`;
  return { kind: 'unit-changed', day, lastDay, evidence: { factor, days }, sentence };
}

function compareCloses(known: Series, bars: readonly PriceBar[]): RevisedClose[] {
  const closes = closesByDay(known);
  return bars.flatMap(({ day, close }) => {
    const old = closes.get(day);
    return old === undefined ? [] : [{ day, old, new: close }];
  });
}

/** One restatement in place of many revisions, when the changed closes share a factor; else `undefined`. */
export function findRestatement(
  revised: readonly RevisedClose[],
  splits: readonly StockSplit[],
): Restatement | undefined {
  if (revised.length < FEWEST_DAYS || !isNonEmpty(revised)) return undefined;
  const factors = revised.map((close) => close.new / close.old);
  const factor = upperMedian(factors);
  const most = SCATTER * Math.abs(factor - 1);
  if (most === 0 || !factors.every((other) => Math.abs(other - factor) <= most)) return undefined;
  const split = splits.findLast(({ numerator, denominator }) => Math.abs(denominator / numerator - factor) <= most);
  return { factor, days: revised.length, from: revised[0].day, to: last(revised).day, split };
}
