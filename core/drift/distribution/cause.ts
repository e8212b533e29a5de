import { createRandom, seedFrom } from '../../random.ts';
import type { Changes } from '../../series/transform.ts';
import { ksStatistic, sortFinite, type Sorted } from '../../stats/ks.ts';
import { momentsOf } from '../../stats/moments.ts';
import { simulateHistory, type QuietModel } from './quietModel.ts';
import type { DriftCause, DriftEvidence } from './report.ts';

/** Histories simulated to judge each side of the change. */
const HISTORIES = 40;
const WINDOWS_A_HISTORY = 10;
/** A feed that repeats itself: at least this share of days without any change, and more than so many times the reference's share. */
const STUCK_SHARE = 0.2;
const STUCK_TIMES = 3;

/** What speaks for each cause of a window that differs from its reference. */
export function weighEvidence(model: QuietModel, reference: Changes, current: Changes, seed: number): DriftEvidence {
  const observed = compare(standardise(reference), current);
  const random = createRandom(seedFrom(seed, 'cause'));
  let asMean = 1;
  let asVolatile = 1;
  let asShaped = 1;
  for (let k = 0; k < HISTORIES; k += 1) {
    const history = simulateHistory(model, reference.length + WINDOWS_A_HISTORY * current.length, random);
    const quietReference = standardise(history.subarray(0, reference.length));
    for (let w = 0; w < WINDOWS_A_HISTORY; w += 1) {
      const start = reference.length + w * current.length;
      const quiet = compare(quietReference, history.subarray(start, start + current.length));
      if (Math.abs(quiet.meanT) >= Math.abs(observed.meanT)) asMean += 1;
      if (Math.abs(Math.log(quiet.volatilityRatio)) >= Math.abs(Math.log(observed.volatilityRatio))) asVolatile += 1;
      if (quiet.shapeDistance >= observed.shapeDistance) asShaped += 1;
    }
  }
  const total = HISTORIES * WINDOWS_A_HISTORY + 1;
  return {
    meanShift: observed.meanShift,
    volatilityRatio: observed.volatilityRatio,
    shapeDistance: observed.shapeDistance,
    meanP: asMean / total,
    volatilityP: asVolatile / total,
    shapeP: asShaped / total,
    unchangedShare: unchangedShare(current),
    unchangedShareReference: unchangedShare(reference),
  };
}

/** The likeliest cause: a stuck feed first, then the side of the change that is rarest without drift. */
export function nameCause(evidence: DriftEvidence): DriftCause {
  const { unchangedShare, unchangedShareReference } = evidence;
  if (isStuck(unchangedShare, unchangedShareReference)) return 'feed';
  const sides: readonly (readonly [DriftCause, number])[] = [
    ['volatility', evidence.volatilityP],
    ['mean', evidence.meanP],
    ['shape', evidence.shapeP],
  ];
  return sides.reduce((rarest, side) => (side[1] < rarest[1] ? side : rarest))[0];
}

/** Whether a feed repeats itself, by the shares of days without any change now and in the reference. */
export function isStuck(share: number, shareOfReference: number): boolean {
  return share >= STUCK_SHARE && share > STUCK_TIMES * shareOfReference;
}

interface Comparison {
  readonly meanShift: number;
  /** Welch's t: the shift by the current window's own deviation, so that a wilder market is not taken for a moved mean. */
  readonly meanT: number;
  readonly volatilityRatio: number;
  readonly shapeDistance: number;
}

interface Standardised {
  readonly mean: number;
  readonly deviation: number;
  /** Values less the mean, in deviations, ascending. */
  readonly sorted: Sorted;
}

function compare(before: Standardised, current: Float64Array): Comparison {
  const now = standardise(current);
  const error = Math.sqrt(now.deviation ** 2 / current.length + before.deviation ** 2 / before.sorted.length);
  return {
    meanT: (now.mean - before.mean) / error,
    meanShift: (now.mean - before.mean) / before.deviation,
    volatilityRatio: now.deviation / before.deviation,
    shapeDistance: ksStatistic(before.sorted, now.sorted),
  };
}

function standardise(values: Float64Array): Standardised {
  const { mean, deviation: measured } = momentsOf(values);
  // A window without any change has a tiny deviation, not none: its logarithm is taken.
  const deviation = Math.max(measured, 1e-300);
  return { mean, deviation, sorted: sortFinite(values.map((value) => (value - mean) / deviation)) };
}

export function unchangedShare(changes: Changes): number {
  let unchanged = 0;
  for (const change of changes) if (change === 0) unchanged += 1;
  return unchanged / changes.length;
}
