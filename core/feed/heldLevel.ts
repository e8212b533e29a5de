import type { TradingDay } from '../series/day.ts';
import type { PriceBar } from '../series/price.ts';
import type { FaultOf, FeedFault, SettledFault } from './fault.ts';
import type { StockSplit } from './fetched.ts';

/** A level that is held back, from the day of its jump on. */
export interface HeldLevel extends SettledFault {
  readonly kind: 'split-unadjusted';
  /** The last day that was held when the jump was first seen: later days are news about it. */
  readonly firstHeldTo: TradingDay;
}

/**
 * Days at a held level that must have come after it was first seen, to believe it. A feed that adjusts for splits
 * does so within a day or two; a market that fell by half stays there.
 */
export const CONFIRMING_DAYS = 5;

/** How far the factor of a split that the feed tells of may be from the jump, as a ratio. */
const SAME_FACTOR = 0.15;

/**
 * The first held level that the days since its discovery have confirmed: it goes on to the newest bar, enough days at it came after it
 * was first seen, and the feed tells of no split that would explain it. A unit error never confirms itself.
 */
export function confirmedLevel(
  faults: readonly FeedFault[],
  bars: readonly PriceBar[],
  held: readonly HeldLevel[],
  splits: readonly StockSplit[],
): HeldLevel | undefined {
  const newest = bars.at(-1)?.day;
  return held.find((level) => {
    const fault = faults.find(({ kind, day }) => kind === level.kind && day === level.day);
    if (fault?.kind !== 'split-unadjusted' || fault.lastDay !== newest) return false;
    const doubtful = faults.filter((other) => other.day > fault.day && other.kind !== 'missing-days');
    const since = bars.filter((bar) => {
      if (bar.day <= level.firstHeldTo || doubtful.some(({ day, lastDay }) => bar.day >= day && bar.day <= lastDay))
        return false;
      return isAtLevel(bar, fault);
    });
    return since.length >= CONFIRMING_DAYS && !splits.some((split) => explains(split, fault.evidence.factor));
  });
}

/** Nearer, as a ratio, to the level after the jump than to the one before. */
function isAtLevel({ close }: PriceBar, { evidence }: FaultOf<'split-unadjusted'>): boolean {
  return Math.abs(Math.log(close / evidence.close)) < Math.abs(Math.log(close / evidence.closeBefore));
}

function explains({ numerator, denominator }: StockSplit, factor: number): boolean {
  return Math.abs(Math.log(denominator / numerator / factor)) <= SAME_FACTOR;
}
