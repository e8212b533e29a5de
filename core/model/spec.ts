import type { Transform } from '../series/transform.ts';

/** Days ahead that a network answers directly; further days are iterated from these. */
export const HORIZON = 5;

/** Closes in a served window. */
export const WINDOW = 60;

/** Everything that, with a data snapshot and a seed, determines a network to the byte. */
export interface ModelSpec {
  readonly transform: Transform;
  /** Closes in a served window; the network reads `window - 1` changes. */
  readonly window: number;
  readonly horizon: number;
  /** Units of each LSTM layer, first to last. */
  readonly units: readonly number[];
  /** Dropout after each LSTM layer while training, 0 to below 1. */
  readonly dropout: number;
  readonly learningRate: number;
  /** Sequences in a training step. */
  readonly batch: number;
  /** Steps of a training sequence; the loss counts from `warmup` on. */
  readonly sequenceLength: number;
  readonly warmup: number;
  readonly clipNorm: number;
  readonly maxEpochs: number;
  /** Epochs without a better validation loss before training stops. */
  readonly patience: number;
}

/** Whether weights of the one can go on learning as the other: same layers, and inputs and answers that mean the same. */
export function isSameShape(a: ModelSpec, b: ModelSpec): boolean {
  return (
    a.transform === b.transform && a.window === b.window && a.horizon === b.horizon && a.units.join() === b.units.join()
  );
}

export const DEFAULT_SPEC: ModelSpec = {
  transform: 'log-return',
  window: WINDOW,
  horizon: HORIZON,
  units: [50, 50],
  dropout: 0.1,
  learningRate: 1e-3,
  batch: 8,
  sequenceLength: 120,
  warmup: 60,
  clipNorm: 1,
  maxEpochs: 60,
  patience: 6,
};
