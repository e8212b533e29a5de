/* eslint-disable @typescript-eslint/no-non-null-assertion -- there is a sum and a limit for each detector */
import { fixed } from '../../prose/figures.ts';
import { plural } from '../../prose/plural.ts';
import type { Changes } from '../../series/transform.ts';
import type { Budget } from '../budget.ts';
import { isStuck, unchangedShare } from '../distribution/cause.ts';
import { obstacleOfReference } from '../distribution/obstacle.ts';
import type { DriftReference } from '../distribution/reference.ts';
import type { DriftCause } from '../distribution/report.ts';
import { limitOf } from './limits.ts';
import { CAUSE_OF, DETECTORS, type Detector } from './detectors.ts';
import { standardiserOf } from './standardise.ts';
import { watchDays } from './watchDays.ts';

/** Where one detector stands today. */
export interface DetectorReading {
  readonly detector: Detector;
  /** Cumulative log-likelihood ratio today, nats, 0 or more. */
  readonly statistic: number;
  /** It alarms at or above this. */
  readonly limit: number;
}

interface Watched {
  /** Changes since the end of the reference. */
  readonly days: number;
  /** One sentence for a person. */
  readonly reason: string;
}

export interface QuietWatch extends Watched {
  readonly verdict: 'stable';
  readonly cause: null;
  readonly readings: readonly DetectorReading[];
  readonly first: null;
  readonly risingDays: null;
}

export interface AlarmedWatch extends Watched {
  readonly verdict: 'drifted';
  readonly cause: DriftCause;
  readonly readings: readonly DetectorReading[];
  /** The detector furthest beyond its limit, and the days since its sum left 0, today included. */
  readonly first: DetectorReading;
  readonly risingDays: number;
}

/** Nothing is watched: no day has come yet, the reference cannot be fitted, or a person asked for single checks. */
export interface UndeterminedWatch extends Watched {
  readonly verdict: 'undetermined';
  readonly cause: null;
  readonly readings: readonly [];
  readonly first: null;
  readonly risingDays: null;
}

/** What the sequential detectors say today, as stored and printed. Plain JSON. */
export type WatchReport = QuietWatch | AlarmedWatch | UndeterminedWatch;

export interface WatchInput {
  readonly reference: Changes;
  /** All changes since the reference. */
  readonly days: Changes;
  /** The reference's fit; null where there is none. */
  readonly fitted: DriftReference | null;
  readonly budget: Budget | null;
}

/**
 * Has something changed since the reference? Each day's sums are computed again from the reference's end on, so that a restart, a replay and a
 * corrected close give the same answer; what counts is where they stand today.
 */
export function assessWatch({ reference, days, fitted, budget }: WatchInput): WatchReport {
  const { curves } = fitted ?? {};
  if (fitted === null || curves === undefined || curves === null || budget === null || days.length === 0)
    return { ...NOTHING, days: days.length, reason: 'Nothing is watched day by day.' };
  const ofReference = obstacleOfReference(reference);
  if (ofReference !== null) return { ...NOTHING, days: days.length, reason: ofReference.reason };
  const today = new Float64Array(DETECTORS.length);
  const lastZero = new Int32Array(DETECTORS.length);
  watchDays(standardiserOf(fitted.parameters, reference), days, (sums, day) => {
    today.set(sums);
    for (let d = 0; d < sums.length; d += 1) if (sums[d] === 0) lastZero[d] = day;
  });
  const readings = DETECTORS.map((detector, d): DetectorReading => ({
    detector,
    statistic: today[d]!,
    limit: limitOf(curves, detector, budget),
  }));
  const furthest = readings.reduce((most, each) => (beyond(each) > beyond(most) ? each : most));
  const stands = `${NAMES[furthest.detector]} ${fixed(furthest.statistic, 2)} against a limit of ${fixed(furthest.limit, 2)}`;
  if (furthest.statistic < furthest.limit) {
    const reason = `Day by day, nearest to its limit: ${stands}.`;
    return { verdict: 'stable', cause: null, readings, first: null, risingDays: null, days: days.length, reason };
  }
  const risingDays = days.length - lastZero[DETECTORS.indexOf(furthest.detector)]!;
  const recent = days.subarray(-Math.max(risingDays, LEAST_STUCK)) as Changes; // a part of changes is changes
  const cause = isStuck(unchangedShare(recent), unchangedShare(reference)) ? 'feed' : CAUSE_OF[furthest.detector];
  const reason = `Day by day: ${stands}, rising for ${plural(risingDays, 'day')}.`;
  return { verdict: 'drifted', cause, readings, first: furthest, risingDays, days: days.length, reason };
}

const NOTHING = { verdict: 'undetermined', cause: null, readings: [], first: null, risingDays: null } as const;

const NAMES: Readonly<Record<Detector, string>> = {
  'volatility-up': 'a rising volatility has',
  'volatility-down': 'a falling volatility has',
  'mean-up': 'a rising mean has',
  'mean-down': 'a falling mean has',
  'skew-right': 'a lean to the right has',
  'skew-left': 'a lean to the left has',
  'tails-heavier': 'heavier tails have',
  'tails-lighter': 'lighter tails have',
  'volatility-level': 'a high volatility has',
};

function beyond({ statistic, limit }: DetectorReading): number {
  return statistic / limit;
}

/** Fewer days than this do not tell a stuck feed from a quiet week. */
const LEAST_STUCK = 5;
