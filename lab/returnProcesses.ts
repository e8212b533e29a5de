import { normal, type RandomSource } from '../core/random.ts';
import { asChanges, type Changes } from '../core/series/transform.ts';

export type ProcessName = 'normal' | 't4' | 'garch' | 'ar' | 't5-garch';

interface Process {
  readonly alpha: number;
  readonly beta: number;
  readonly ar: number;
  /** Degrees of freedom of the innovations; infinite for normal ones. */
  readonly degreesOfFreedom: number;
}

export const PROCESSES: Readonly<Record<ProcessName, Process>> = {
  normal: { alpha: 0, beta: 0, ar: 0, degreesOfFreedom: Infinity },
  t4: { alpha: 0, beta: 0, ar: 0, degreesOfFreedom: 4 },
  garch: { alpha: 0.08, beta: 0.9, ar: 0, degreesOfFreedom: Infinity },
  ar: { alpha: 0, beta: 0, ar: 0.5, degreesOfFreedom: Infinity },
  't5-garch': { alpha: 0.08, beta: 0.9, ar: 0, degreesOfFreedom: 5 },
};

const BURN_IN = 1000;

/** Daily returns of unit variance (before autocorrelation), from their stationary distribution. */
export function simulateReturns(name: ProcessName, length: number, random: RandomSource): Changes {
  const { alpha, beta, ar, degreesOfFreedom } = PROCESSES[name];
  const returns = new Float64Array(length);
  let variance = 1;
  let value = 0;
  for (let t = -BURN_IN; t < length; t += 1) {
    const shock = Math.sqrt(variance) * innovation(random, degreesOfFreedom);
    variance = 1 - alpha - beta + alpha * shock * shock + beta * variance;
    value = ar * value + shock;
    if (t >= 0) returns[t] = value;
  }
  return asChanges(returns);
}

/** Student-t of unit variance: a normal over the root of a mean of squared normals (whole degrees of freedom). */
function innovation(random: RandomSource, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity) return normal(random);
  let squares = 0;
  for (let k = 0; k < degreesOfFreedom; k += 1) squares += normal(random) ** 2;
  return normal(random) * Math.sqrt((degreesOfFreedom - 2) / squares);
}
