/** Which side of the distribution moved. `feed`: the window repeats one value, which no market does. */
export type DriftCause = 'mean' | 'volatility' | 'shape' | 'feed';

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
}

/** Why two windows cannot be compared. */
export type DriftObstacle = 'short-reference' | 'short-window' | 'constant-reference' | 'like-levels';

/** What every check says, whatever came of it. */
interface CheckedWindows {
  /** Changes compared. */
  readonly referenceSize: number;
  readonly currentSize: number;
  /** One sentence for a person. */
  readonly reason: string;
}

/** Two windows compared. */
interface Comparison extends CheckedWindows {
  /** KS distance of the two windows. */
  readonly statistic: number;
  /** As if the days were independent. */
  readonly rawP: number;
  readonly rawMethod: 'exact' | 'asymptotic';
  /** Share of simulated histories without drift whose distance is at least as large. */
  readonly calibratedP: number;
  /** Second opinion from the reference's own stretches; `null` unless the calibrated p is near the threshold. */
  readonly bootstrapP: number | null;
  /** The check alarms when `calibratedP` is at or below this. */
  readonly threshold: number;
  /** The distance that has that p-value; `null` for a single check, which is held to a probability alone. */
  readonly limit: number | null;
}

export interface StableData extends Comparison {
  readonly verdict: 'stable';
  readonly cause: null;
  /** `null` unless the calibrated p is near the threshold. */
  readonly evidence: DriftEvidence | null;
}

export interface DriftedData extends Comparison {
  readonly verdict: 'drifted';
  readonly cause: DriftCause;
  readonly evidence: DriftEvidence;
}

/** No figure was computed; each stands as `null`, so that rows and lines of all verdicts have the same columns. */
export interface UndeterminedDrift extends CheckedWindows {
  readonly verdict: 'undetermined';
  readonly obstacle: DriftObstacle;
  readonly statistic: null;
  readonly rawP: null;
  readonly rawMethod: null;
  readonly calibratedP: null;
  readonly bootstrapP: null;
  readonly threshold: null;
  readonly cause: null;
  readonly evidence: null;
  readonly limit: null;
}

/** One check of the data, as stored and printed. Plain JSON: numbers are finite or `null`. */
export type DriftReport = StableData | DriftedData | UndeterminedDrift;
