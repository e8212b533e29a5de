/** Errors of point forecasts against what happened: arrays of equal length, in the unit of the series. Empty arrays give NaN. */

import { ShepherdError } from '../errors.ts';
import { paired } from '../paired.ts';

export function meanSquaredError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (predicted.length !== actual.length) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `${predicted.length} forecasts cannot be compared with ${actual.length} actual values; give one for each.`,
    );
  }
  let sum = 0;
  for (const [p, a] of paired(predicted, actual)) sum += (p - a) ** 2;
  return sum / actual.length;
}

/** 1 - MSE / MSE of the naive forecast: above 0 the forecast is the better one. Null when naive made no error at all. */
export function skill(mse: number, naiveMse: number): number | null {
  return naiveMse > 0 ? 1 - mse / naiveMse : null;
}
