import type { TradingDay } from '../series/day.ts';
import type { PriceBar } from '../series/price.ts';
import type { SettledFault } from './faults.ts';
import type { FeedFault } from './fault.ts';
import type { Split } from './fetched.ts';

/** A level that is held back, from the day of its jump on. */
export interface HeldLevel extends SettledFault {
  readonly kind: 'split-unadjusted';
  /** The last day that was held when the jump was first seen: later days are news about it. */
  readonly firstHeldTo: TradingDay;
}

/**
 * Days that must have come after a held level was first seen, all of them at that level, to believe it. A feed that adjusts for splits
 * does so within a day or two; a market that fell by half stays there.
 */
export const CONFIRMING_DAYS = 5;

/** How far the factor of a split that the feed tells of may be from the jump, as a ratio. */
const SAME_FACTOR = 0.15;

/**
 * The first held level that the days since its discovery have confirmed: it goes on to the newest bar, enough of its days came after it
 * was first seen, and the feed tells of no split that would explain it. A unit error never confirms itself.
 */
export function confirmedLevel(
  faults: readonly FeedFault[],
  bars: readonly PriceBar[],
  held: readonly HeldLevel[],
  splits: readonly Split[],
): HeldLevel | undefined {
  const newest = bars.at(-1)?.day;
  return held.find((level) => {
    const fault = faults.find(({ kind, day }) => kind === level.kind && day === level.day);
    if (fault?.kind !== 'split-unadjusted' || fault.lastDay !== newest) return false;
    const since = bars.filter(({ day }) => day > level.firstHeldTo && day <= fault.lastDay);
    return since.length >= CONFIRMING_DAYS && !splits.some((split) => explains(split, fault.evidence.factor));
  });
}

function explains({ numerator, denominator }: Split, factor: number): boolean {
  return Math.abs(Math.log(denominator / numerator / factor)) <= SAME_FACTOR;
}
