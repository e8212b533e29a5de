import type { Predictor } from './network.ts';

/** How far apart the forecasts of two networks are, at most: over days and horizons. */
export interface ForecastDistance {
  /** Difference of the means, in spreads of the first. */
  readonly mean: number;
  /** The larger spread / the smaller, less 1. */
  readonly spread: number;
  /** Forecasts compared: windows times days ahead. */
  readonly forecasts: number;
}

/**
 * Compares two networks by what they say, on the windows that end with the levels of index `from` up to, not including, `to`.
 * @throws ShepherdError TOO_FEW_VALUES where there is no whole window before `from`.
 */
export function forecastDistance(
  first: Predictor,
  second: Predictor,
  closes: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
): ForecastDistance {
  const ones = first.predictRange(closes, from, to).flat();
  const others = second.predictRange(closes, from, to).flat();
  let [mean, spread] = [0, 0];
  for (const [k, one] of ones.entries()) {
    const other = others[k] ?? { mean: Number.NaN, spread: Number.NaN };
    mean = Math.max(mean, Math.abs(one.mean - other.mean) / one.spread);
    spread = Math.max(spread, Math.max(one.spread / other.spread, other.spread / one.spread) - 1);
  }
  return { mean, spread, forecasts: ones.length };
}
