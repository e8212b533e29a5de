import type { ModelSpec } from './spec.ts';

/** A named weight; `values` has the product of `shape` elements, row-major, in the order of Keras (LSTM gates i, f, c, o). */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Training-set constants that travel with the weights; never refitted on a request. */
export interface FeatureScale {
  /** Standard deviation of the training changes. */
  readonly changeDeviation: number;
  /** Mean and deviation of log EWMA volatility over the training days. */
  readonly logVolatilityMean: number;
  readonly logVolatilityDeviation: number;
}

/** A trained network: enough to forecast, and nothing else. */
export interface Network {
  readonly spec: ModelSpec;
  readonly scale: FeatureScale;
  readonly weights: readonly Weight[];
}

/**
 * The network's forecast of the cumulative change from the last close to `h` days later, h = 1…horizon:
 * a Student-t with location `mean`, scale `spread` (not the standard deviation) and `dof` degrees of freedom (> 2).
 */
export interface ChangeDistribution {
  readonly mean: number;
  readonly spread: number;
  readonly dof: number;
}

/** Forecasts of a window: one distribution a day ahead, first to `horizon`. Pure; safe to share. */
export interface Predictor {
  readonly spec: ModelSpec;
  /**
   * @param closes at least `spec.window` levels, oldest first; only the last `spec.window` are read.
   * @throws ShepherdError TOO_FEW_VALUES, INVALID_PRICE.
   */
  predict(closes: ArrayLike<number>): ChangeDistribution[];
  /** Many windows of one series at once: a forecast from each index in [from, to) of `closes` (index = last close seen). */
  predictRange(closes: Float64Array, from: number, to: number): ChangeDistribution[][];
}
