import type { FeedFault } from '../../feed/fault.ts';

export type DriftVerdict = 'stable' | 'drifted' | 'undetermined';
export type DriftCause = 'mean' | 'volatility' | 'shape' | 'feed' | 'model';

/** What speaks for each cause. Probabilities are under the fitted model of the reference, so they allow for dependence. */
export interface DriftEvidence {
  /** Mean of the current window less the reference's, in standard deviations of the reference. */
  readonly meanShift: number;
  readonly meanP: number;
  /** Standard deviation of the current window divided by the reference's. */
  readonly volatilityRatio: number;
  readonly volatilityP: number;
  /** KS distance once both samples have mean 0 and deviation 1. */
  readonly shapeDistance: number;
  readonly shapeP: number;
  /** Share of days with no change at all, in the window and in the reference. */
  readonly unchangedShare: number;
  readonly unchangedShareReference: number;
  readonly feedFaults: readonly FeedFault[];
}

/** One drift check, as stored and printed. Plain JSON: numbers are finite or `null`. */
export interface DriftReport {
  /** KS distance of the two windows; `null` where none could be computed. */
  readonly statistic: number | null;
  /** As if the days were independent. */
  readonly rawP: number | null;
  readonly rawMethod: 'exact' | 'asymptotic' | null;
  /** Share of simulated histories without drift whose distance is at least as large. */
  readonly calibratedP: number | null;
  /** Second opinion from the reference's own stretches; `null` unless the calibrated p is near the threshold. */
  readonly bootstrapP: number | null;
  /** The check alarms when `calibratedP` is at or below this. */
  readonly threshold: number | null;
  readonly referenceSize: number;
  readonly currentSize: number;
  readonly verdict: DriftVerdict;
  /** `null` unless drifted, or undetermined for faults of the feed. */
  readonly cause: DriftCause | null;
  readonly evidence: DriftEvidence | null;
  /** One sentence for a person. */
  readonly reason: string;
  /** Median trading days until a doubled volatility is noticed; `null` for a single check or where it is rarely noticed within a year. */
  readonly expectedDelayDays: number | null;
}
