import { ShepherdError } from '../errors.ts';
import type { IndexRange } from '../forecast/classic.ts';
import { LEAST_TRAINING_LEVELS } from '../cycle/split.ts';

/** One step of a walk forward: a model that knows the levels [0, known) is held to the days of `test`. */
export interface Fold {
  readonly known: number;
  /** The last part of the known levels, for early stopping and calibration. */
  readonly validation: IndexRange;
  readonly test: IndexRange;
}

export interface FoldOptions {
  /** Index of the first day to forecast. */
  readonly from: number;
  /** Number of models, each serving an equal part of the days from `from` on. */
  readonly folds: number;
  readonly validationDays: number;
  /** Longest days ahead: the gap between what a model knows and the days it is held to. */
  readonly horizon: number;
}

/**
 * Cuts the days [from, levels) into folds. Every model is trained on all the days before its fold but the last `horizon`.
 * @throws ShepherdError TOO_FEW_VALUES when the first model would have less than a year to train on.
 */
export function cutFolds(levels: number, { from, folds, validationDays, horizon }: FoldOptions): Fold[] {
  const training = from - 2 * horizon - validationDays;
  if (training < LEAST_TRAINING_LEVELS || levels - from < folds) {
    const needed = LEAST_TRAINING_LEVELS + validationDays + 2 * horizon;
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `A walk forward needs ${needed} days before the first forecast and ${folds} after; it has ${from} and ${levels - from}.`,
    );
  }
  const edge = (fold: number): number => from + Math.round(((levels - from) * fold) / folds);
  return Array.from({ length: folds }, (_, fold) => {
    const known = edge(fold) - horizon;
    return {
      known,
      validation: { from: known - validationDays, to: known },
      test: { from: edge(fold), to: edge(fold + 1) },
    };
  });
}
