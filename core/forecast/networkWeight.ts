import { crpsStudentT } from '../metrics/crps.ts';
import { meanOf, momentsOf } from '../stats/moments.ts';

/** Forecast and outcome of one day, everything in units of the anchor's spread around its mean. */
export interface WeighedDay {
  /** What came, less the anchor's mean. */
  readonly actual: number;
  readonly dof: number;
  /** Logarithm of the network's standard deviation / the anchor's. */
  readonly logRatio: number;
}

const WEIGHTS = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);

/**
 * How far the spread moves from the anchor's to the network's, 0 to 1 on the log scale: the weight of least CRPS over the days, drawn to
 * 0 by its own uncertainty (positive-part James & Stein 1961: factor 1 - 1 / t² of the gain), so that a network which the days do not
 * support has none.
 */
export function chooseNetworkWeight(days: readonly WeighedDay[], horizon: number): number {
  const scoreOf = (weight: number): number[] =>
    days.map(({ actual, dof, logRatio }) => crpsStudentT(0, Math.exp(weight * logRatio), dof, actual));
  const alone = scoreOf(0);
  let best = { weight: 0, gains: [0], gain: 0 };
  for (const weight of WEIGHTS) {
    const scores = scoreOf(weight);
    const gains = alone.map((score, i) => score - (scores[i] ?? score));
    const gain = meanOf(gains);
    if (gain > best.gain) best = { weight, gains, gain };
  }
  if (best.weight === 0) return 0;
  // Changes over several days overlap, so that so many fewer of them are independent.
  const error = momentsOf(best.gains).deviation * Math.sqrt(horizon / days.length);
  return best.weight * Math.max(0, 1 - (error / best.gain) ** 2);
}
