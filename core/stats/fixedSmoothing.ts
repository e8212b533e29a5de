import { ShepherdError } from '../errors.ts';
import { studentTCdf } from './studentT.ts';

/**
 * P, if the mean of a dependent series were 0, of evidence at least this strong that it is above 0.
 *
 * Coroneo & Iacone 2020 (Comparing predictive accuracy in small samples using fixed-smoothing asymptotics): the long-run
 * variance is the mean of the first m periodogram ordinates (Daniell weights), m = floor(n^(1/3)), and the statistic is
 * referred to a Student-t with 2 m degrees of freedom. It stays near its size when forecasters go on erring the same way for
 * weeks, where the Diebold-Mariano test with its one-day variance does not.
 *
 * @param values in time order, 8 or more. All equal gives 0, 0.5 or 1 by their sign.
 */
export function fixedSmoothingP(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 8) throw new ShepherdError('TOO_FEW_VALUES', `A fixed-smoothing test needs 8 values or more; got ${n}.`);
  let mean = 0;
  const series = Float64Array.from(values);
  for (const value of series) mean += value / n;
  // Rounding aside, the cube root of a cube is that cube's root.
  const ordinates = Math.floor(Math.cbrt(n) + 1e-9);
  let variance = 0;
  for (let j = 1; j <= ordinates; j += 1) variance += periodogram(series, mean, j) / ordinates;
  if (!(variance > 0)) return mean === 0 ? 0.5 : mean > 0 ? 0 : 1;
  return studentTCdf(-mean / Math.sqrt(variance / n), 2 * ordinates);
}

/** |sum (v - mean) e^(-i 2 pi j t / n)|^2 / n. */
function periodogram(values: Float64Array, mean: number, j: number): number {
  const n = values.length;
  let real = 0;
  let imaginary = 0;
  for (const [t, value] of values.entries()) {
    const angle = (2 * Math.PI * j * t) / n;
    real += (value - mean) * Math.cos(angle);
    imaginary += (value - mean) * Math.sin(angle);
  }
  return (real * real + imaginary * imaginary) / n;
}
