import { ShepherdError } from '../errors.ts';
import { meanOf } from './moments.ts';
import { studentTCdf } from './studentT.ts';

/** Outcome of a comparison of two forecasts by their losses on the same days. */
export interface DieboldMariano {
  /** Mean of first loss - second loss: above 0 the second forecast is the better one. */
  readonly meanDifference: number;
  /** The corrected statistic; NaN when the differences do not vary. */
  readonly statistic: number;
  /** P under equal accuracy of evidence at least this strong that the second is better (small = it is). */
  readonly pSecondBetter: number;
  readonly pFirstBetter: number;
  readonly days: number;
}

/**
 * Diebold-Mariano test (Diebold & Mariano 1995) with the small-sample correction and Student-t reference of
 * Harvey, Leybourne & Newbold 1997 (equations 8 and 9).
 *
 * @param differences loss of the first forecast - loss of the second, a value a day in time order.
 * @param horizon days ahead of the forecasts, 1 or more: autocovariances up to horizon - 1 enter the variance (rectangular
 *   kernel). Where these give a variance that is not positive, the test is made at horizon 1, as R's forecast::dm.test does.
 * @returns p-values of 0.5 and a NaN statistic when all differences are equal to 0 (two identical forecasts).
 * @throws ShepherdError TOO_FEW_VALUES with fewer than horizon + 2 days; INVALID_INPUT for a loss that is not finite.
 */
export function dieboldMariano(differences: ArrayLike<number>, horizon = 1): DieboldMariano {
  const days = differences.length;
  if (days < horizon + 2) {
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `A Diebold-Mariano test at horizon ${horizon} needs ${horizon + 2} days or more; got ${days}.`,
    );
  }
  const meanDifference = meanOf(differences);
  if (!Number.isFinite(meanDifference)) {
    throw new ShepherdError('INVALID_INPUT', 'A loss in the Diebold-Mariano test is not a finite number.');
  }
  const variance = longRunVariance(differences, meanDifference, horizon) / days;
  if (!(variance > 0)) return horizon > 1 ? dieboldMariano(differences) : constantDifference(meanDifference, days);
  const correction = Math.sqrt((days + 1 - 2 * horizon + (horizon * (horizon - 1)) / days) / days);
  const statistic = (correction * meanDifference) / Math.sqrt(variance);
  const pFirstBetter = studentTCdf(statistic, days - 1);
  return { meanDifference, statistic, pSecondBetter: studentTCdf(-statistic, days - 1), pFirstBetter, days };
}

function longRunVariance(differences: ArrayLike<number>, mean: number, horizon: number): number {
  let variance = autocovariance(differences, mean, 0);
  for (let lag = 1; lag < horizon; lag += 1) variance += 2 * autocovariance(differences, mean, lag);
  return variance;
}

function autocovariance(values: ArrayLike<number>, mean: number, lag: number): number {
  let sum = 0;
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- from `lag` up to the length, so that neither index is outside
  for (let i = lag; i < values.length; i += 1) sum += (values[i]! - mean) * (values[i - lag]! - mean);
  return sum / values.length;
}

/** Every day gave the same difference: no difference at all says nothing, any other says everything. */
function constantDifference(meanDifference: number, days: number): DieboldMariano {
  const pSecondBetter = meanDifference === 0 ? 0.5 : meanDifference > 0 ? 0 : 1;
  return { meanDifference, statistic: Number.NaN, pSecondBetter, pFirstBetter: 1 - pSecondBetter, days };
}
