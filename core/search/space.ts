import { HORIZON, type ModelSpec } from '../model/spec.ts';
import { createRandom, pick, seedFrom } from '../random.ts';

/** Values tried for each setting; the learning rate is drawn between its bounds, evenly in the logarithm. */
export const SEARCH_SPACE = {
  // None above 60: callers are promised that 60 values are enough.
  window: [30, 40, 50, 60],
  units: [[16], [32], [50], [32, 32], [50, 50], [80, 80], [50, 50, 50]],
  dropout: [0, 0.1, 0.2, 0.3, 0.5],
  learningRate: { least: 3e-4, most: 3e-3 },
  batch: [4, 8, 16, 32],
} as const;

/** Steps of a training sequence on which the loss counts, as in the default. */
const LOSS_STEPS = 60;

/**
 * The setting of a trial: number 0 is the setting in use, so that a search can only improve on it; every other is drawn from
 * the space by the search's seed and its own number, whatever other trials there are.
 */
export function drawSpec(base: ModelSpec, seed: number, number: number): ModelSpec {
  if (number === 0) return base;
  const random = createRandom(seedFrom(seed, 'trial', number));
  const window = pick(SEARCH_SPACE.window, random);
  const { least, most } = SEARCH_SPACE.learningRate;
  return {
    ...base,
    horizon: HORIZON,
    window,
    units: pick(SEARCH_SPACE.units, random),
    dropout: pick(SEARCH_SPACE.dropout, random),
    learningRate: Number((least * (most / least) ** random()).toPrecision(3)),
    batch: pick(SEARCH_SPACE.batch, random),
    sequenceLength: window + LOSS_STEPS,
    warmup: window,
  };
}
