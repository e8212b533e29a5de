import { crpsStudentT } from '../metrics/crps.ts';
import { ShepherdError } from '../errors.ts';
import type { ChangeDistribution, Predictor } from '../model/network.ts';
import { toChanges } from '../series/transform.ts';
import { startBand, type BandState } from './band.ts';

/** What the validation days taught about a network's forecasts `h` days ahead. */
export interface HorizonCalibration {
  /** Factor on the predicted mean, 0 (the naive forecast) to 1 (as the network says). */
  readonly shrinkage: number;
  /** Factor on the predicted spread. */
  readonly spreadFactor: number;
}

/** Plain JSON, stored with the model. Element h - 1 of `horizons` is for h days ahead. */
export interface Calibration {
  readonly horizons: readonly HorizonCalibration[];
  /** State of the bands after the validation days. */
  readonly band: BandState;
  /** Validation days it rests on. */
  readonly days: number;
}

/** Level indexes [from, to). */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** Fewer validation days than this say nothing about a tail of 10 %. */
const LEAST_DAYS = 30;

/**
 * Learns shrinkage, spread factor and the bands' scores from days that trained no weights.
 * Every origin and every target lies inside `validation`, so nothing of a later day is read.
 *
 * @param closes the whole series, or as much as is known; read from `spec.window` before the range on.
 * @throws ShepherdError TOO_FEW_VALUES when the range is short or its first window does not fit.
 */
export function calibrate(predictor: Predictor, closes: Float64Array, validation: IndexRange): Calibration {
  const { horizon, window, transform } = predictor.spec;
  const from = Math.max(validation.from, window - 1);
  const days = validation.to - from - horizon;
  if (days < LEAST_DAYS) {
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `Calibration needs ${LEAST_DAYS} validation days with a full window before them; got ${Math.max(0, days)}.`,
    );
  }
  const known = closes.subarray(0, validation.to);
  const changes = toChanges(known, transform);
  const raw = predictor.predictRange(known, from, validation.to - 1);
  const horizons: HorizonCalibration[] = [];
  const scores: number[][] = [];
  for (let h = 1; h <= horizon; h += 1) {
    const pairs: Pair[] = [];
    for (let origin = from; origin + h < validation.to; origin += 1) {
      let actual = 0;
      for (let step = 0; step < h; step += 1) actual += changes[origin + step]!;
      pairs.push({ actual, forecast: raw[origin - from]![h - 1]! });
    }
    const shrinkage = chooseShrinkage(pairs, h);
    const spreadFactor = chooseSpreadFactor(pairs, shrinkage);
    horizons.push({ shrinkage, spreadFactor });
    scores.push(
      pairs.map(
        ({ actual, forecast }) => Math.abs(actual - shrinkage * forecast.mean) / (spreadFactor * forecast.spread),
      ),
    );
  }
  return { horizons, band: startBand(scores), days };
}

/** The network's distributions, one a day ahead, as calibrated. */
export function applyCalibration(
  distributions: readonly ChangeDistribution[],
  calibration: Calibration,
): ChangeDistribution[] {
  return distributions.map((distribution, i) => {
    const { shrinkage, spreadFactor } = calibration.horizons[i]!;
    return {
      mean: shrinkage * distribution.mean,
      spread: spreadFactor * distribution.spread,
      dof: distribution.dof,
    };
  });
}

interface Pair {
  readonly actual: number;
  readonly forecast: ChangeDistribution;
}

/**
 * Least-squares slope of the actual on the predicted change, weighted by the inverse predicted variance, then pulled
 * towards 0 by its own uncertainty (positive-part James & Stein 1961: factor 1 - 1 / t^2), so that a slope which the
 * validation days do not support becomes the naive forecast. Overlapping targets make t smaller by the root of `h`.
 */
function chooseShrinkage(pairs: readonly Pair[], h: number): number {
  let cross = 0;
  let square = 0;
  for (const { actual, forecast } of pairs) {
    const weight = forecast.spread ** -2;
    cross += weight * actual * forecast.mean;
    square += weight * forecast.mean ** 2;
  }
  if (!(square > 0) || cross <= 0) return 0;
  const slope = cross / square;
  let residual = 0;
  for (const { actual, forecast } of pairs) {
    residual += ((actual - slope * forecast.mean) / forecast.spread) ** 2 / pairs.length;
  }
  const tSquared = (slope * slope * square) / (residual * h);
  return Math.min(1, slope * Math.max(0, 1 - 1 / tSquared));
}

/** Spread factors tried: 0.7 to 1.4, evenly in the logarithm. */
const FACTORS = Array.from({ length: 41 }, (_, i) => 0.7 * 2 ** (i / 40));

/** Weight of "leave the spread as it is", in validation days. */
const PRIOR_DAYS = 60;

/** The factor of least CRPS on the validation days, drawn towards 1 on the log scale as if `PRIOR_DAYS` had said 1. */
function chooseSpreadFactor(pairs: readonly Pair[], shrinkage: number): number {
  let best = { factor: 1, score: Infinity };
  for (const factor of FACTORS) {
    let score = 0;
    for (const { actual, forecast } of pairs) {
      // In units of the forecast's spread, so that calm and wild days count alike.
      const unit = forecast.spread;
      score += crpsStudentT((shrinkage * forecast.mean) / unit, factor, forecast.dof, actual / unit);
    }
    if (score < best.score) best = { factor, score };
  }
  return Math.exp((Math.log(best.factor) * pairs.length) / (pairs.length + PRIOR_DAYS));
}
