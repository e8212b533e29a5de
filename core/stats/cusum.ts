/**
 * One-sided cumulative sum (Page 1954): S[t] = max(0, S[t-1] + x[t] - allowance), S[-1] = 0.
 * @param values standardised so that "in control" has mean 0 and deviation 1.
 * @param allowance half the rise that should be found quickly, in deviations (Lucas & Crosier 1982).
 */
export function cusum(values: ArrayLike<number>, allowance: number): Float64Array {
  let sum = 0;
  return Float64Array.from(values, (value) => {
    sum = Math.max(0, sum + value - allowance);
    return sum;
  });
}
