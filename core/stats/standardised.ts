/** Values less their mean, over their deviation, with both. */
export interface Standardised {
  readonly mean: number;
  readonly deviation: number;
  readonly values: Float64Array;
}

/** Summed in this order: the bits of simulated histories, and so of stored verdicts, hang on them. */
export function standardised(raw: Float64Array): Standardised {
  let mean = 0;
  for (const value of raw) mean += value / raw.length;
  let square = 0;
  for (const value of raw) square += (value - mean) ** 2 / raw.length;
  const deviation = Math.sqrt(square);
  return { mean, deviation, values: raw.map((value) => (value - mean) / deviation) };
}
