/** Errors of point forecasts against what happened: arrays of equal length, in the unit of the series. Empty arrays give NaN. */

import { ShepherdError } from '../errors.ts';
import { paired } from '../paired.ts';

export function meanSquaredError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  return meanOver(predicted, actual, (p, a) => (p - a) ** 2);
}

export function rootMeanSquaredError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  return Math.sqrt(meanSquaredError(predicted, actual));
}

export function meanAbsoluteError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  return meanOver(predicted, actual, (p, a) => Math.abs(p - a));
}

/** As a ratio: 0.012 means 1.2 %. An actual value of 0 makes it Infinity or NaN. */
export function meanAbsolutePercentageError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  return meanOver(predicted, actual, (p, a) => Math.abs((p - a) / a));
}

/** 1 - MSE / MSE of the naive forecast: above 0 the forecast is the better one. Null when naive made no error at all. */
export function skill(mse: number, naiveMse: number): number | null {
  return naiveMse > 0 ? 1 - mse / naiveMse : null;
}

function meanOver(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  error: (predicted: number, actual: number) => number,
): number {
  if (predicted.length !== actual.length) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `${predicted.length} forecasts cannot be compared with ${actual.length} actual values; give one for each.`,
    );
  }
  let sum = 0;
  for (const [p, a] of paired(predicted, actual)) sum += error(p, a);
  return sum / actual.length;
}
