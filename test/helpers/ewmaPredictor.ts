import { ewmaVolatility } from '../../core/forecast/naive.ts';
import type { ChangeDistribution, Predictor } from '../../core/model/network.ts';
import { DEFAULT_SPEC, type ModelSpec } from '../../core/model/spec.ts';
import { toChanges } from '../../core/series/transform.ts';

export interface EwmaPredictorOptions {
  readonly spec?: ModelSpec;
  /** Factor on the volatility: 1 is well calibrated on steady data. */
  readonly spreadFactor?: number;
  /** Predicted mean of the next change, from the changes seen. */
  readonly meanOf?: (changes: Float64Array) => number;
}

/** A stand-in for a network, cheap and honest: Student-t around a simple mean, EWMA volatility of the window alone. */
export function ewmaPredictor({
  spec = DEFAULT_SPEC,
  spreadFactor = 1,
  meanOf = () => 0,
}: EwmaPredictorOptions = {}): Predictor {
  const dof = 8;
  const predict = (closes: ArrayLike<number>): ChangeDistribution[] => {
    const window = Array.from(closes).slice(-spec.window);
    const changes = toChanges(window, spec.transform);
    const daily = (ewmaVolatility(changes).at(-1) ?? 0) * spreadFactor * Math.sqrt((dof - 2) / dof);
    const mean = meanOf(changes);
    return Array.from({ length: spec.horizon }, (_, h) => ({ mean, spread: daily * Math.sqrt(h + 1), dof }));
  };
  return {
    spec,
    predict,
    predictRange: (closes, from, to) =>
      Array.from({ length: Math.max(0, to - from) }, (_, i) => predict(closes.subarray(0, from + i + 1))),
  };
}
