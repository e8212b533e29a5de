import { mean, sampleStandardDeviation } from 'simple-statistics';

export interface Moments {
  readonly mean: number;
  /** Sample standard deviation (n - 1); 0 where it is only rounding. */
  readonly deviation: number;
}

/** Mean and standard deviation in two passes; NaN for no values, and no deviation for one. */
export function momentsOf(values: ArrayLike<number>): Moments {
  const centre = meanOf(values);
  const deviation = values.length < 2 ? 0 : sampleStandardDeviation(Array.from(values));
  return { mean: centre, deviation: deviation > 1e-12 * Math.abs(centre) ? deviation : 0 };
}

/** NaN for no values. */
export function meanOf(values: ArrayLike<number>): number {
  return values.length === 0 ? Number.NaN : mean(Array.from(values));
}
