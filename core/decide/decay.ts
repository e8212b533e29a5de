import { dieboldMariano } from '../stats/dieboldMariano.ts';
import { fixedSmoothingP } from '../stats/fixedSmoothing.ts';
import type { DecayFinding } from './decision.ts';

/** Losses of one scored day, in the unit of the change. */
export interface LiveLoss {
  readonly crps: number;
  readonly naiveCrps: number;
}

/** Live days that a verdict rests on: the rolling window of every quality figure. */
const DAYS = 60;

/** Level of both tests: asked every day, so small. */
const LEVEL = 0.01;

/** A loss less than this much above its promise is not worth a retrain, however sure. */
const LEAST_RATIO = 1.02;

/**
 * Has the champion become worse than its held-out days promised? Both losses are set against naive's on the same days, so that
 * a wild market, which is hard for everyone, is not taken for decay. Decayed when over the last 60 live days the champion's CRPS
 * is above its promised share of naive's by 2 % or more, and both the Diebold-Mariano and the fixed-smoothing test say so.
 * A promise better than naive counts as naive itself: winning a gate flatters the winner.
 *
 * @param live one day ahead, in time order.
 * @param promised mean losses over the held-out days; null when unknown.
 */
export function assessDecay(live: readonly LiveLoss[], promised: LiveLoss | null): DecayFinding {
  const recent = live.slice(-DAYS);
  if (recent.length < DAYS || promised === null || !(promised.naiveCrps > 0)) {
    return { verdict: 'undetermined', ratio: null };
  }
  const share = Math.max(1, promised.crps / promised.naiveCrps);
  const excess = recent.map(({ crps, naiveCrps }) => crps - share * naiveCrps);
  const allowed = share * recent.reduce((sum, { naiveCrps }) => sum + naiveCrps, 0);
  if (!(allowed > 0)) return { verdict: 'undetermined', ratio: null };
  const ratio = recent.reduce((sum, { crps }) => sum + crps, 0) / allowed;
  const worse =
    ratio >= LEAST_RATIO && dieboldMariano(excess).pSecondBetter <= LEVEL && fixedSmoothingP(excess) <= LEVEL;
  return { verdict: worse ? 'decayed' : 'stable', ratio };
}
