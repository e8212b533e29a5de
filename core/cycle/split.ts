import { ShepherdError } from '../errors.ts';
import type { IndexRange } from '../forecast/classic.ts';

/** How many days each part gets. */
export interface SplitSizes {
  /** Days whose closes no arm may see. */
  readonly heldOut: number;
  /** Days for early stopping and calibration. */
  readonly validation: number;
  /** Days ahead of the longest forecast: the gap between the parts. */
  readonly horizon: number;
}

/** Level indexes of each part; `training` ends a gap before `validation`, and that a gap before `heldOut`. */
export interface TrainingSplit {
  readonly training: IndexRange;
  readonly validation: IndexRange;
  readonly heldOut: IndexRange;
  /** Levels [0, known) are what a training may be given. */
  readonly known: number;
}

/** Days held out from both arms for the gate: a trading quarter. */
export const HELD_OUT_DAYS = 60;

/** Days for early stopping and calibration: a trading year. */
export const VALIDATION_DAYS = 250;

/** Fewer training levels than this do not train a network. */
export const LEAST_TRAINING_LEVELS = 250;

/**
 * Cuts `levels` levels by time into training, validation and held-out days, with `horizon` unused days in each cut, so that
 * no target of an earlier part, nor any day a longest target overlaps, is a day of a later part.
 * @throws ShepherdError TOO_FEW_VALUES when less than `LEAST_TRAINING_LEVELS` is left to train on.
 */
export function splitForTraining(levels: number, { heldOut, validation, horizon }: SplitSizes): TrainingSplit {
  const known = levels - heldOut - horizon;
  const trainingEnd = known - validation - horizon;
  if (trainingEnd < LEAST_TRAINING_LEVELS) {
    const needed = LEAST_TRAINING_LEVELS + validation + heldOut + 2 * horizon;
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `Training needs ${needed} days (${validation} for validation, ${heldOut} held out); the series has ${levels}.`,
    );
  }
  return {
    training: { from: 0, to: trainingEnd },
    validation: { from: known - validation, to: known },
    heldOut: { from: levels - heldOut, to: levels },
    known,
  };
}

/** The split of a run on so many levels: a trading year for validation and a quarter held out. */
export function splitOf(levels: number, { horizon }: Pick<SplitSizes, 'horizon'>): TrainingSplit {
  return splitForTraining(levels, { heldOut: HELD_OUT_DAYS, validation: VALIDATION_DAYS, horizon });
}
