export interface Moments {
  readonly mean: number;
  /** Sample standard deviation (n - 1); 0 where it is only rounding. */
  readonly deviation: number;
}

/** Mean and standard deviation in two passes; NaN for no values. */
export function momentsOf(values: ArrayLike<number>): Moments {
  const mean = meanOf(values);
  let square = 0;
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- t is below the length
  for (let t = 0; t < values.length; t += 1) square += (values[t]! - mean) ** 2;
  const deviation = Math.sqrt(square / Math.max(1, values.length - 1));
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 0 };
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- t is below the length
  for (let t = 0; t < values.length; t += 1) sum += values[t]!;
  return sum / values.length;
}
