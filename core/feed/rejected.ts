import type { TradingDay } from '../series/day.ts';
import type { PriceBar } from '../series/price.ts';
import type { FaultKind } from './fault.ts';

/** A bar that a person has said is wrong, and what it was held back as. */
export interface RejectedBar {
  readonly kind: FaultKind;
  readonly bar: PriceBar;
}

/** Of prices of one bar sent twice: the rounding of a 32-bit float. */
const SAME_PRICE = 1e-6;
/** Of closes at one level, on the log scale: less than any jump that is taken for a fault of the level. */
const SAME_LEVEL = 0.12;

/**
 * Tells bars that a person has rejected from others, also from a correction of the same day. A level was rejected, not a figure: a close
 * that the feed corrects within it is rejected as well.
 */
export function rejectionOf(rejected: readonly RejectedBar[]): (bar: PriceBar) => boolean {
  const byDay = new Map<TradingDay, RejectedBar[]>();
  for (const each of rejected) byDay.set(each.bar.day, [...(byDay.get(each.bar.day) ?? []), each]);
  return (bar) =>
    (byDay.get(bar.day) ?? []).some((each) =>
      isLevel(each.kind) ? isSame(bar.close, each.bar.close, SAME_LEVEL) : isSameBar(bar, each.bar),
    );
}

function isLevel(kind: FaultKind): boolean {
  return kind === 'split-unadjusted' || kind === 'unit-error' || kind === 'unit-changed';
}

function isSameBar(a: PriceBar, b: PriceBar): boolean {
  return (['close', 'open', 'high', 'low'] as const).every((field) => isSame(a[field], b[field], SAME_PRICE));
}

function isSame(a: number | null, b: number | null, within: number): boolean {
  if (a === null || b === null || a === b) return a === b;
  return Math.abs(Math.log(a / b)) <= within;
}
