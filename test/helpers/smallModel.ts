import { VALIDATION_DAYS } from '../../core/cycle/split.ts';
import { startBand } from '../../core/forecast/band.ts';
import type { Calibration } from '../../core/forecast/calibration.ts';
import { weightShapes } from '../../core/model/layout.ts';
import type { Network } from '../../core/model/network.ts';
import { DEFAULT_SPEC } from '../../core/model/spec.ts';

/** A network so small that a training takes a second; everything around it is the real thing. */
export const SMALL_SPEC = { ...DEFAULT_SPEC, units: [4], maxEpochs: 2, patience: 2 };

/** A network whose weights are all zero: it answers the EWMA volatility around the last close, and needs no training. */
export const ZERO_NETWORK: Network = {
  spec: SMALL_SPEC,
  scale: { changeDeviation: 0.01, logVolatilityMean: -4.6, logVolatilityDeviation: 0.3 },
  weights: weightShapes(SMALL_SPEC).map(({ name, shape }) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  })),
};

/** `spreadFactor` 1 is about right where the volatility is steady; the further from it, the worse the forecasts. */
export function calibrationWith(spreadFactor: number): Calibration {
  return {
    anchor: null,
    rhythm: null,
    horizons: Array.from({ length: SMALL_SPEC.horizon }, () => ({ shrinkage: 0, spreadFactor })),
    // Scores of their own, so that the bands of two models can be told apart.
    band: startBand(
      Array.from({ length: SMALL_SPEC.horizon }, () => [0.5, 1, 1.5, 2].map((score) => score / spreadFactor)),
    ),
    days: VALIDATION_DAYS,
  };
}
