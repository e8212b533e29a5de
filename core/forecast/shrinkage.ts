import { paired } from '../paired.ts';
import type { PastForecast } from './pastForecast.ts';

/** On the days before the evaluation 1 raised the squared error of BTC-USD by .0028 and of PETR4.SA by .0009 over the anchor's mean alone. */
const DOUBT = 4;

/**
 * How much of the network's predicted mean to believe: the least-squares slope of what is left of the actual change without
 * it, weighted by the inverse squared spread, then pulled towards 0 by its own uncertainty (positive-part James & Stein 1961, at
 * twice the doubt: factor 1 - 4 / t^2), so that a slope which the validation days do not support becomes 0.
 *
 * @param trials forecasts without the network's mean, and what came of them.
 * @param means the network's means.
 * @param h days ahead: overlapping targets make t smaller by the root of `h`.
 */
export function chooseShrinkage(trials: readonly PastForecast[], means: readonly number[], h: number): number {
  let cross = 0;
  let square = 0;
  const withMean = paired(trials, means);
  for (const [{ actual, forecast }, mean] of withMean) {
    const weight = forecast.spread ** -2;
    cross += weight * (actual - forecast.mean) * mean;
    square += weight * mean ** 2;
  }
  if (!(square > 0) || cross <= 0) return 0;
  const slope = cross / square;
  let residual = 0;
  for (const [{ actual, forecast }, mean] of withMean) {
    residual += ((actual - forecast.mean - slope * mean) / forecast.spread) ** 2 / trials.length;
  }
  const tSquared = (slope * slope * square) / (residual * h);
  return Math.min(1, slope * Math.max(0, 1 - DOUBT / tSquared));
}
