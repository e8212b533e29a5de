import { meanOf, momentsOf } from '../stats/moments.ts';
import { upperQuantile } from '../stats/studentT.ts';
import type { DayScore } from './score.ts';

/** Lower and upper end. */
export type Interval = readonly [number, number];

/** How far figures over so many scored days can be trusted: intervals that hold the true ones nine times in ten. */
export interface QualityUncertainty {
  /** Of 1 - MSE / naive's; null where naive made no error. */
  readonly skill: Interval | null;
  readonly coverage: Interval;
  /** Of the CRPS / naive's; null where naive's is 0. */
  readonly crpsRatio: Interval | null;
}

const CONFIDENCE = 0.9;
const UPPER = (1 + CONFIDENCE) / 2;

/** Fewer scored days than this do not tell better from lucky. */
export const LEAST_DAYS = 20;

/**
 * Null below `LEAST_DAYS`. The ratios' by the delta method, as Diebold & Mariano (1995) compare losses one day ahead; the coverage's by
 * Wilson (1927).
 * @param scores of one horizon, a score a day.
 */
export function measureUncertainty(scores: readonly DayScore[]): QualityUncertainty | null {
  if (scores.length < LEAST_DAYS) return null;
  const squares = ratioInterval(
    scores.map(({ squaredError }) => squaredError),
    scores.map(({ naiveSquaredError }) => naiveSquaredError),
  );
  return {
    skill: squares === null ? null : [1 - squares[1], 1 - squares[0]],
    coverage: shareInterval(scores.filter(({ covered }) => covered).length, scores.length),
    crpsRatio: ratioInterval(
      scores.map(({ crps }) => crps),
      scores.map(({ naiveCrps }) => naiveCrps),
    ),
  };
}

/** Of mean loss / mean loss of another on the same days; null where the other lost nothing. */
export function ratioInterval(losses: readonly number[], others: readonly number[]): Interval | null {
  const other = meanOf(others);
  if (!(other > 0)) return null;
  const ratio = meanOf(losses) / other;
  const { deviation } = momentsOf(losses.map((loss, i) => loss - ratio * (others[i] ?? 0)));
  const half = (upperQuantile(UPPER, losses.length - 1) * deviation) / (other * Math.sqrt(losses.length));
  return [ratio - half, ratio + half];
}

function shareInterval(held: number, days: number): Interval {
  const z = upperQuantile(UPPER, Infinity);
  const share = held / days;
  const centre = (share + (z * z) / (2 * days)) / (1 + (z * z) / days);
  const half = (z / (1 + (z * z) / days)) * Math.sqrt((share * (1 - share)) / days + (z * z) / (4 * days * days));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * Whether the whole forecast is better than naive and its point forecast no worse: by the intervals yes, no, or null: it cannot be told.
 */
export function isBetter(uncertainty: QualityUncertainty | null): boolean | null {
  if (uncertainty === null || uncertainty.crpsRatio === null) return null;
  const { crpsRatio, skill } = uncertainty;
  if (crpsRatio[0] > 1 || (skill !== null && skill[1] < 0)) return false;
  return crpsRatio[1] < 1 ? true : null;
}
