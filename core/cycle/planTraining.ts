import type { ArmName } from '../decide/evidence.ts';
import type { Network } from '../model/network.ts';
import { isSameShape, type ModelSpec } from '../model/spec.ts';
import type { TrainingRequest } from '../model/training/request.ts';
import { seedFrom } from '../random.ts';
import { lastDayOf, sliceSeries, type Series } from '../series/price.ts';
import { splitOf, VALIDATION_DAYS, type TrainingSplit } from './split.ts';

export interface TrainingQuestion {
  readonly symbol: string;
  /** Up to today. */
  readonly series: Series;
  readonly spec: ModelSpec;
  /** The champion's network, or null; weights of another shape, as after a search, cannot be gone on with. */
  readonly parent: Network | null;
}

/** A training to be made. */
export interface PlannedArm {
  readonly name: ArmName;
  readonly request: TrainingRequest;
}

export interface TrainingPlan {
  readonly split: TrainingSplit;
  /** The days that the arms may see; the held-out ones are cut off before anything else. */
  readonly known: Series;
  /** From the same days with the same budget, each with a seed of its own. */
  readonly arms: readonly PlannedArm[];
}

/** @throws ShepherdError TOO_FEW_VALUES as `splitOf`. */
export function planTraining({ symbol, series, spec, parent }: TrainingQuestion): TrainingPlan {
  const split = splitOf(series.days.length, spec);
  const known = sliceSeries(series, 0, split.known);
  const request = (name: ArmName): TrainingRequest => ({
    closes: known.closes,
    validationDays: VALIDATION_DAYS,
    spec,
    seed: seedFrom(symbol, lastDayOf(series), name),
  });
  const fromScratch: PlannedArm = { name: 'from-scratch', request: request('from-scratch') };
  if (parent === null || !isSameShape(parent.spec, spec)) return { split, known, arms: [fromScratch] };
  const fineTuned: PlannedArm = { name: 'fine-tuned', request: { ...request('fine-tuned'), initial: parent } };
  return { split, known, arms: [fineTuned, fromScratch] };
}
