import type { ChangeDistribution } from '../model/network.ts';
import { toChanges, type Transform } from '../series/transform.ts';

/** Decay of the exponentially weighted variance, a day (J.P. Morgan, RiskMetrics 1996, for daily data). */
export const EWMA_DECAY = 0.94;

/** Changes whose mean square starts the average. */
const START = 20;

/**
 * Volatility after each change: the root of the exponentially weighted mean square, a value for each change.
 * Element i has seen changes 0…i, the first twenty elements all of the first twenty. A stretch with no movement at all gives 0.
 */
export function ewmaVolatility(changes: Float64Array, decay = EWMA_DECAY): Float64Array {
  const start = Math.min(START, changes.length);
  let variance = changes.subarray(0, start).reduce((sum, change) => sum + change ** 2 / start, 0);
  return changes.map((change, i) => {
    if (i >= start) variance = decay * variance + (1 - decay) * change ** 2;
    return Math.sqrt(variance);
  });
}

/**
 * The naive forecast made whole: tomorrow is as today, with a normal spread of the EWMA volatility that grows with the
 * root of the days ahead. One row for each last-close index in [from, to), each with `horizon` distributions.
 */
export function naiveRange(
  closes: ArrayLike<number>,
  transform: Transform,
  horizon: number,
  from: number,
  to: number,
): ChangeDistribution[][] {
  const volatility = ewmaVolatility(toChanges(closes, transform));
  return Array.from({ length: Math.max(0, to - from) }, (_, row) => {
    const daily = volatility[from + row - 1] ?? 0;
    return Array.from({ length: horizon }, (__, h) => ({
      mean: 0,
      spread: daily * Math.sqrt(h + 1),
      dof: Infinity,
    }));
  });
}
