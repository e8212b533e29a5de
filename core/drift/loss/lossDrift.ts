import { ShepherdError } from '../../errors.ts';
import { seedFrom } from '../../random.ts';
import { cusum } from '../../stats/cusum.ts';
import { meanOf, momentsOf } from '../../stats/moments.ts';
import { calibrateLimit } from './lossLimit.ts';
import type { AlarmRule } from '../setting.ts';

export interface LossDriftInput {
  /** The champion's loss on each live day since it was promoted or last found still the best, oldest first; all losses in one unit, smaller is better. */
  readonly live: ArrayLike<number>;
  /** The naive forecast's loss on the same live days. */
  readonly naiveLive: ArrayLike<number>;
  /** The champion's loss on the held-out days of its training: what was promised. */
  readonly heldOut: ArrayLike<number>;
  /** The naive forecast's loss on the held-out days. With it the check watches the loss in excess of naive, which harder markets leave alone. */
  readonly naiveHeldOut?: ArrayLike<number>;
  readonly setting: { readonly rule: AlarmRule };
  readonly seed: number;
}

/** One check of the champion's losses, as stored and printed. Plain JSON. */
export interface LossDriftReport {
  readonly verdict: 'stable' | 'decayed' | 'undetermined';
  /** Mean live loss / mean held-out loss; `null` when undetermined. */
  readonly ratio: number | null;
  /** Mean loss / mean naive loss: below 1 the champion earns its keep. */
  readonly naiveRatio: number | null;
  readonly heldOutNaiveRatio: number | null;
  /** What is watched: the loss itself, or the loss less the naive loss. */
  readonly watched: 'loss' | 'excess';
  /** Largest cumulative sum so far, in deviations of the watched loss, and the limit it is held to. */
  readonly peak: number | null;
  readonly limit: number | null;
  /** First live day (0-based) above the limit, and the day on which that rise began. */
  readonly alarmAt: number | null;
  readonly risingSince: number | null;
  readonly liveSize: number;
  readonly heldOutSize: number;
  /** One sentence for a person. */
  readonly reason: string;
}

/** Two trading weeks live and six held out: fewer say nothing of a mean. */
const MINIMUM_LIVE = 10;
const MINIMUM_HELD_OUT = 30;
/** Half of the rise to be found quickly: half a deviation, which is what a model a fifth worse shows in its CRPS. */
const ALLOWANCE = 0.25;

/**
 * Has the champion decayed? A cumulative sum of its live loss (in excess of naive where that is known for the held-out days) against
 * the held-out mean, with a limit calibrated on the held-out losses' own dependence and on how few they are. Deterministic.
 * @throws ShepherdError INVALID_INPUT where live and naive differ in length or a loss is not finite.
 */
export function assessLossDrift(input: LossDriftInput): LossDriftReport {
  const { live, naiveLive, heldOut, naiveHeldOut } = input;
  requirePaired(live, naiveLive, 'live');
  requirePaired(heldOut, naiveHeldOut ?? heldOut, 'held-out');
  const sizes = { liveSize: live.length, heldOutSize: heldOut.length };
  const watched = naiveHeldOut === undefined ? 'loss' : 'excess';
  const promised = naiveHeldOut === undefined ? Float64Array.from(heldOut) : subtract(heldOut, naiveHeldOut);
  const seen = naiveHeldOut === undefined ? Float64Array.from(live) : subtract(live, naiveLive);
  const { mean, deviation } = momentsOf(promised);
  if (live.length < MINIMUM_LIVE || heldOut.length < MINIMUM_HELD_OUT || deviation === 0) {
    const reason =
      deviation === 0
        ? 'The held-out losses are all the same; live losses cannot be judged by them.'
        : `Live losses of ${live.length} days and held-out losses of ${heldOut.length}; a verdict needs ${MINIMUM_LIVE} and ${MINIMUM_HELD_OUT}.`;
    return { ...UNDETERMINED, ...sizes, watched, reason };
  }
  const sums = cusum(
    seen.map((loss) => (loss - mean) / deviation),
    ALLOWANCE,
  );
  const { rule } = input.setting;
  const limit = calibrateLimit(promised, ALLOWANCE, rule, live.length, seedFrom(input.seed, 'loss'));
  const crossed = sums.findIndex((sum) => sum >= limit);
  const figures = {
    ratio: meanOf(live) / meanOf(heldOut),
    naiveRatio: meanOf(live) / meanOf(naiveLive),
    heldOutNaiveRatio: naiveHeldOut === undefined ? null : meanOf(heldOut) / meanOf(naiveHeldOut),
  };
  const decayed = crossed !== -1;
  return {
    verdict: decayed ? 'decayed' : 'stable',
    ...figures,
    watched,
    peak: sums.reduce((largest, sum) => Math.max(largest, sum), 0),
    limit,
    alarmAt: decayed ? crossed : null,
    risingSince: decayed ? sums.lastIndexOf(0, crossed) + 1 : null,
    ...sizes,
    reason:
      `${decayed ? 'The champion has decayed' : 'The champion keeps its promise'}: live loss is ${figures.ratio.toFixed(2)} times ` +
      `the held-out loss and ${figures.naiveRatio.toFixed(2)} times naive's over ${live.length} days.`,
  };
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

function subtract(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, t) => value - b[t]!);
}
