import { encodeArtifact } from './artifact.ts';
import { forecastDistance, type ForecastDistance } from './forecastDistance.ts';
import { createPredictor } from './infer.ts';
import { backendOf } from './training/learner.ts';
import type { Network } from './network.ts';

/** A network with what computed its training, a `LearnerName`. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly backend: string;
}

/** How a network that was trained again compares with the first. Plain JSON. */
export type Reproduction =
  | { readonly by: 'hash'; readonly same: boolean; readonly stored: string; readonly trained: string }
  | {
      readonly by: 'forecasts';
      readonly same: boolean;
      readonly distance: ForecastDistance;
      readonly tolerance: number;
    };

/**
 * Of mean (in spreads) and spread (in parts of itself). Arithmetic that rounds otherwise takes a training of dozens of epochs a little
 * elsewhere: DECISIONS.md has the distances met.
 */
export const FORECAST_TOLERANCE = 0.001;

/** Windows whose forecasts are compared: those of the last trading year. */
const COMPARED_DAYS = 250;

/**
 * By the bytes where the kernel has trained both, which it does the same everywhere; else by what they forecast.
 * @param first as it is stored, under this hash.
 */
export function compareTrainings(
  first: TrainedNetwork & { readonly sha256: string },
  again: TrainedNetwork,
  closes: Float64Array,
): Reproduction {
  if ([first, again].every(({ backend }) => backendOf(backend) === 'kernel')) {
    const [stored, trained] = [first.sha256, encodeArtifact(again.network).sha256];
    return { by: 'hash', same: stored === trained, stored, trained };
  }
  const from = Math.max(first.network.spec.window - 1, closes.length - COMPARED_DAYS);
  const range = { from, to: closes.length };
  const distance = forecastDistance(createPredictor(first.network), createPredictor(again.network), closes, range);
  const same = distance.mean <= FORECAST_TOLERANCE && distance.spread <= FORECAST_TOLERANCE;
  return { by: 'forecasts', same, distance, tolerance: FORECAST_TOLERANCE };
}
