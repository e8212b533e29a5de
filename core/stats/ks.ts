/* eslint-disable @typescript-eslint/no-non-null-assertion -- two samples are walked by indexes below their lengths; `outside` has n + 1 elements and j stays within 0 … n */
import { ShepherdError } from '../errors.ts';

/** Ascending values. Made by `toSorted` and `sortFinite`. */
declare const sorted: unique symbol;
export type Sorted = Float64Array & { readonly [sorted]: true };

export interface KsResult {
  /** Largest distance between the two empirical distribution functions, 0 … 1. */
  readonly statistic: number;
  /** Two-sided probability of a distance at least as large for independent draws from one distribution. */
  readonly pValue: number;
  readonly method: 'exact' | 'asymptotic';
}

/** Up to this product of the sample sizes the p-value is exact (about 3 ms); SciPy's limit is 10,000 values in the larger sample. */
const EXACT_UP_TO = 1_000_000;

/**
 * Two-sample Kolmogorov–Smirnov test of independent draws, any sizes. With ties the p-value is conservative.
 * On dependent data (returns with volatility clusters) the p-value is too small: see core/drift/distribution/nullDistribution.ts.
 * @throws ShepherdError TOO_FEW_VALUES for an empty sample, INVALID_INPUT for a value that is not finite.
 */
export function kolmogorovSmirnov(first: ArrayLike<number>, second: ArrayLike<number>): KsResult {
  const statistic = ksStatistic(toSorted(first), toSorted(second));
  const exact = first.length * second.length <= EXACT_UP_TO;
  const pValue = exact
    ? exactPValue(statistic, first.length, second.length)
    : asymptoticPValue(statistic, first.length, second.length);
  return { statistic, pValue, method: exact ? 'exact' : 'asymptotic' };
}

/** @throws ShepherdError as `kolmogorovSmirnov`. */
export function toSorted(values: ArrayLike<number>): Sorted {
  if (values.length === 0) throw new ShepherdError('TOO_FEW_VALUES', 'A sample has no values; give at least one.');
  const copy = Float64Array.from(values);
  const bad = copy.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    throw new ShepherdError('INVALID_INPUT', `Value ${bad + 1} of a sample is ${copy[bad]}; expected a finite number.`);
  }
  return copy.sort() as Sorted; // sorted in this line
}

/** `toSorted` for values known to be finite, such as simulated ones: no check, a fast copy. */
export function sortFinite(values: Float64Array): Sorted {
  return values.slice().sort() as Sorted; // sorted in this line
}

/** Distance between the empirical distribution functions, looked at only after all values tied with one another. */
export function ksStatistic(first: Sorted, second: Sorted): number {
  const m = first.length;
  const n = second.length;
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < m && j < n) {
    const value = Math.min(first[i]!, second[j]!);
    while (i < m && first[i] === value) i += 1;
    while (j < n && second[j] === value) j += 1;
    // In whole numbers, so that equal distances compare as equal.
    largest = Math.max(largest, Math.abs(i * n - j * m));
  }
  return largest / (m * n);
}

/**
 * P(D >= statistic) by counting lattice paths (Hodges 1958, section 4): `outside[j]` is the share of the paths
 * from (0, 0) to (i, j) that somewhere reach |i/m - j/n| >= statistic. Sums of positive terms, so small values are exact as well.
 * Only the band inside is computed; beyond it every share is 1.
 */
export function exactPValue(statistic: number, m: number, n: number): number {
  const reached = Math.round(statistic * m * n);
  if (reached <= 0) return 1;
  const outside = new Float64Array(n + 1).fill(1);
  let first = 0;
  for (let i = 0; i <= m; i += 1) {
    while (first <= n && i * n - first * m >= reached) {
      outside[first] = 1;
      first += 1;
    }
    for (let j = first; j <= n && j * m - i * n < reached; j += 1) {
      const before = i > 0 ? i * outside[j]! : 0;
      outside[j] = i + j === 0 ? 0 : (before + (j > 0 ? j * outside[j - 1]! : 0)) / (i + j);
    }
  }
  return Math.min(1, outside[n]!);
}

/** P(D >= statistic) in the limit of large samples (Smirnov 1948): Kolmogorov's distribution at statistic * sqrt(mn / (m + n)). */
export function asymptoticPValue(statistic: number, m: number, n: number): number {
  return kolmogorovSurvival(statistic * Math.sqrt((m * n) / (m + n)));
}

/** P(K > x) of Kolmogorov's distribution; below 1 by Jacobi's transform of the series, which converges there. */
export function kolmogorovSurvival(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    const z = -(Math.PI ** 2) / (8 * x * x);
    const sum = Math.exp(z) + Math.exp(9 * z) + Math.exp(25 * z) + Math.exp(49 * z);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 20; k += 1) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, 2 * sum);
}
