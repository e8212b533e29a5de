import { startBand } from '../core/forecast/band.ts';
import type { Calibration } from '../core/forecast/calibration.ts';
import { forecastNextDay } from '../core/forecast/forecast.ts';
import { encodeArtifact } from '../core/model/artifact.ts';
import { createPredictor } from '../core/model/infer.ts';
import { weightShapes } from '../core/model/layout.ts';
import type { Network } from '../core/model/network.ts';
import { DEFAULT_SPEC, type ModelSpec } from '../core/model/spec.ts';
import { createRandom } from '../core/random.ts';
import { lastDayOf, type Series } from '../core/series/price.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import type { ModelVersion } from '../core/model/version.ts';
import type { UntrustedModel } from '../estimator/serving/store.ts';

/** Small enough for tests to be quick, large enough to be a real network. */
export const SMALL_SPEC: ModelSpec = { ...DEFAULT_SPEC, units: [8, 8] };

/** A network of random weights: not a good forecaster, but one whose every version forecasts something else. */
export function randomNetwork(seed: number, spec: ModelSpec = SMALL_SPEC): Network {
  const random = createRandom(seed);
  const weights = weightShapes(spec).map(({ name, shape }) => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() - 0.5),
  }));
  return { spec, scale: { changeDeviation: 0.01, logVolatilityMean: -4.6, logVolatilityDeviation: 0.3 }, weights };
}

/** Shrinkage and bands that leave the network's forecasts as they are. */
export const PLAIN_CALIBRATION: Calibration = {
  anchor: null,
  rhythm: null,
  horizons: Array.from({ length: DEFAULT_SPEC.horizon }, () => ({ shrinkage: 1, spreadFactor: 1 })),
  band: startBand(Array.from({ length: DEFAULT_SPEC.horizon }, () => Array.from({ length: 100 }, (_, i) => i / 50))),
  days: 100,
};

/** A model as the shepherd would have stored it after training on `series`. */
export function storedModel(
  symbol: SeriesSymbol,
  version: ModelVersion,
  series: Series,
  spec?: ModelSpec,
): UntrustedModel {
  const network = randomNetwork(version, spec);
  const closes = [...series.closes.slice(-network.spec.window)];
  const { prediction } = forecastNextDay({
    predictor: createPredictor(network),
    calibration: PLAIN_CALIBRATION,
    band: PLAIN_CALIBRATION.band,
    closes,
  });
  return {
    symbol,
    version,
    createdAt: '2026-01-02T03:04:05.006Z',
    trainedTo: lastDayOf(series),
    calibration: PLAIN_CALIBRATION,
    golden: { closes, prediction },
    ...encodeArtifact(network),
  };
}
