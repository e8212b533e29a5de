import { ShepherdError } from '../../errors.ts';
import { paired } from '../../paired.ts';
import { seedFrom } from '../../random.ts';
import { cusum } from '../../stats/cusum.ts';
import { meanOf, momentsOf } from '../../stats/moments.ts';
import { calibrateLimit } from './lossLimit.ts';
import type { AlarmRule } from '../setting.ts';
import { fixed } from '../../prose/figures.ts';
import { plural } from '../../prose/plural.ts';

export interface LossDriftInput {
  /** The champion's loss on each live day since it was promoted or last found still the best, oldest first; all losses in one unit, smaller is better. */
  readonly live: ArrayLike<number>;
  /** The naive forecast's loss on the same live days. */
  readonly naiveLive: ArrayLike<number>;
  /** The champion's loss on the unseen days before: what was promised. */
  readonly heldOut: ArrayLike<number>;
  /** The naive forecast's loss on those days: what is watched is the loss in excess of naive, which harder markets leave alone. */
  readonly naiveHeldOut: ArrayLike<number>;
  readonly setting: { readonly rule: AlarmRule };
  readonly seed: number;
}

interface ComparedSizes {
  readonly liveSize: number;
  readonly heldOutSize: number;
  /** One sentence for a person. */
  readonly reason: string;
}

interface LossComparison extends ComparedSizes {
  /** Mean live loss / mean held-out loss. */
  readonly ratio: number;
  /** Mean loss / mean naive loss: below 1 the champion earns its keep. */
  readonly naiveRatio: number;
  readonly heldOutNaiveRatio: number;
  /** Largest cumulative sum so far, in deviations of the excess loss, and the limit it is held to. */
  readonly peak: number;
  readonly limit: number;
}

export interface StableLosses extends LossComparison {
  readonly verdict: 'stable';
  readonly alarmAt: null;
  readonly risingSince: null;
}

export interface DecayedLosses extends LossComparison {
  readonly verdict: 'decayed';
  /** First live day (0-based) at or above the limit, and the day on which that rise began. */
  readonly alarmAt: number;
  readonly risingSince: number;
}

/** Too few losses, or all the same. No figure was computed; each stands as `null`. */
export interface UndeterminedLosses extends ComparedSizes {
  readonly verdict: 'undetermined';
  readonly ratio: null;
  readonly naiveRatio: null;
  readonly heldOutNaiveRatio: null;
  readonly peak: null;
  readonly limit: null;
  readonly alarmAt: null;
  readonly risingSince: null;
}

/** One check of the champion's losses, as stored and printed. Plain JSON. */
export type LossDriftReport = StableLosses | DecayedLosses | UndeterminedLosses;

/** Two trading weeks live and six held out: fewer say nothing of a mean. */
const MINIMUM_LIVE = 10;
const MINIMUM_HELD_OUT = 30;
/** Half of the rise to be found quickly: half a deviation, which is what a model a fifth worse shows in its CRPS. */
const ALLOWANCE = 0.25;

/**
 * Has the champion decayed? A cumulative sum of its live loss in excess of naive against the mean of that excess on the days
 * before, with a limit calibrated on those losses' own dependence and on how few they are. Deterministic.
 * @throws ShepherdError INVALID_INPUT where live and naive differ in length or a loss is not finite.
 */
export function assessLossDrift(input: LossDriftInput): LossDriftReport {
  const { live, naiveLive, heldOut, naiveHeldOut } = input;
  requirePaired(live, naiveLive, 'live');
  requirePaired(heldOut, naiveHeldOut, 'held-out');
  const sizes = { liveSize: live.length, heldOutSize: heldOut.length };
  const promised = subtract(heldOut, naiveHeldOut);
  const seen = subtract(live, naiveLive);
  const { mean, deviation } = momentsOf(promised);
  if (live.length < MINIMUM_LIVE || heldOut.length < MINIMUM_HELD_OUT || deviation === 0) {
    const reason =
      deviation === 0
        ? 'The held-out losses are all the same; live losses cannot be judged by them.'
        : `Live losses of ${plural(live.length, 'day')} and held-out losses of ${heldOut.length}; a verdict needs ${MINIMUM_LIVE} and ${MINIMUM_HELD_OUT}.`;
    return { ...UNDETERMINED, ...sizes, reason };
  }
  const sums = cusum(
    seen.map((loss) => (loss - mean) / deviation),
    ALLOWANCE,
  );
  const limit = calibrateLimit(promised, ALLOWANCE, input.setting.rule, live.length, seedFrom(input.seed, 'loss'));
  const ratio = meanOf(live) / meanOf(heldOut);
  const naiveRatio = meanOf(live) / meanOf(naiveLive);
  const figures = {
    ratio,
    naiveRatio,
    heldOutNaiveRatio: meanOf(heldOut) / meanOf(naiveHeldOut),
    peak: sums.reduce((largest, sum) => Math.max(largest, sum), 0),
    limit,
    ...sizes,
  };
  const measured =
    `live loss is ${fixed(ratio, 2)} times the held-out loss and ` +
    `${fixed(naiveRatio, 2)} times naive's over ${plural(live.length, 'day')}.`;
  const crossed = sums.findIndex((sum) => sum >= limit);
  if (crossed === -1) {
    const reason = `The champion keeps its promise: ${measured}`;
    return { verdict: 'stable', ...figures, alarmAt: null, risingSince: null, reason };
  }
  const reason = `The champion has decayed: ${measured}`;
  return { verdict: 'decayed', ...figures, alarmAt: crossed, risingSince: sums.lastIndexOf(0, crossed) + 1, reason };
}

const UNDETERMINED = {
  verdict: 'undetermined',
  ratio: null,
  naiveRatio: null,
  heldOutNaiveRatio: null,
  peak: null,
  limit: null,
  alarmAt: null,
  risingSince: null,
} as const;

function requirePaired(losses: ArrayLike<number>, naive: ArrayLike<number>, name: string): void {
  if (losses.length !== naive.length) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `There are ${losses.length} ${name} losses and ${naive.length} of naive; give one of each a day.`,
    );
  }
  for (let t = 0; t < losses.length; t += 1) {
    if (!Number.isFinite(losses[t]) || !Number.isFinite(naive[t])) {
      throw new ShepherdError('INVALID_INPUT', `The ${name} loss of day ${t + 1} is not a finite number.`);
    }
  }
}

function subtract(losses: ArrayLike<number>, naive: ArrayLike<number>): Float64Array {
  return Float64Array.from(paired(losses, naive), ([loss, ofNaive]) => loss - ofNaive);
}
