import type { LearnerName } from './learner.ts';
import type { Network } from '../network.ts';
import type { ModelSpec } from '../spec.ts';

/** What a training is given. Deterministic: on the kernel the same request gives the same bytes on every machine. */
export interface TrainingRequest {
  /** Levels, oldest first, all of them before the held-out days (the caller has cut and gapped them). */
  readonly closes: Float64Array;
  /** How many of the last levels serve early stopping; training targets end `spec.horizon` days before them. */
  readonly validationDays: number;
  readonly spec: ModelSpec;
  readonly seed: number;
  /** Weights to fine-tune from; absent: from scratch. */
  readonly initial?: Network;
}

export interface EpochReport {
  readonly epoch: number;
  readonly maxEpochs: number;
  /** Mean negative log-likelihood a target. */
  readonly trainingLoss: number;
  readonly validationLoss: number;
}

export interface TrainingResult {
  readonly network: Network;
  readonly epochs: readonly EpochReport[];
  /** Epoch whose weights were kept (lowest validation loss). */
  readonly bestEpoch: number;
  /** What computed it; the forms of the kernel give the same bytes, tfjs nearly the same numbers. */
  readonly backend: LearnerName;
}
