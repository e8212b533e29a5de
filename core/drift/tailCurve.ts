/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes run below the lengths of what they index */

/** How rare the highs of a watched statistic are: from `level` on, a generalised Pareto tail. Plain JSON. */
export interface TailCurve {
  /** Highs at or above `level`, a day. */
  readonly rate: number;
  readonly level: number;
  /** Scale and shape of the excess over `level`. */
  readonly scale: number;
  readonly shape: number;
}

/** Bounds of the shape: lighter and heavier tails than these were not met, only drawn. */
const SHAPE = { least: -0.1, most: 0.4 };
/** Highs that weigh as much as the expectation of an exponential excess, which a sum with independent gains has (Lundberg). */
const EXPONENTIAL_HIGHS = 150;

/**
 * Fits the highs of independent spells by probability-weighted moments (Hosking & Wallis 1987).
 * @param highs one a spell, in any order; @param days watched in all; @param rate highs a day that the tail begins at.
 */
export function fitTail(highs: readonly number[], days: number, rate: number): TailCurve {
  const descending = Float64Array.from(highs).sort().reverse();
  const count = Math.max(1, Math.min(descending.length - 1, Math.round(rate * days)));
  const level = descending[count] ?? 0;
  let mean = 0;
  let weighted = 0;
  for (let k = 0; k < count; k += 1) {
    const excess = descending[k]! - level;
    mean += excess / count;
    weighted += (excess * (k + 0.5)) / count / count; // k-th largest: 1 - F is near (k + .5) / count
  }
  const fitted = mean > 0 ? 2 - mean / (mean - 2 * weighted) : 0;
  const shape = (Math.min(SHAPE.most, Math.max(SHAPE.least, fitted)) * count) / (count + EXPONENTIAL_HIGHS);
  return { rate: count / days, level, scale: mean * (1 - shape), shape };
}

/** The level that highs reach `rate` times a day. */
export function levelAt({ rate: known, level, scale, shape }: TailCurve, rate: number): number {
  const folds = Math.log(known / rate);
  return Math.abs(shape) < 1e-6 ? level + scale * folds : level + (scale * Math.expm1(shape * folds)) / shape;
}
