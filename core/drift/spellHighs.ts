/* eslint-disable @typescript-eslint/no-non-null-assertion -- t runs below the length */

/** The highest value of each spell of a cumulative sum: the days on which it is above 0. */
export function spellHighs(sums: Float64Array): number[] {
  return highsBetween(sums, (t) => sums[t] === 0);
}

/** The highest value of each stretch of `length` days, of a statistic that never falls to 0. */
export function stretchHighs(values: Float64Array, length: number): number[] {
  return highsBetween(values, (t) => t % length === 0);
}

function highsBetween(values: Float64Array, isCut: (t: number) => boolean): number[] {
  const highs: number[] = [];
  let high = 0;
  for (let t = 0; t < values.length; t += 1) {
    if (isCut(t)) {
      if (high > 0) highs.push(high);
      high = 0;
    }
    high = Math.max(high, values[t]!);
  }
  if (high > 0) highs.push(high);
  return highs;
}
