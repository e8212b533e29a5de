/** The middle value, of an even number of values the upper one of the two in the middle; NaN for no values. */
export function upperMedian(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
