import type { ArmName } from '../decide/evidence.ts';
import type { AccountableModel } from '../cycle/heldOut.ts';
import { HELD_OUT_DAYS, splitForTraining, VALIDATION_DAYS } from '../cycle/split.ts';
import { calibrate, learnClassic, type Classic } from '../forecast/calibration.ts';
import { createPredictor } from '../model/infer.ts';
import type { Network } from '../model/network.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { TrainingRequest, TrainingResult } from '../model/training.ts';
import { seedFrom } from '../random.ts';
import type { Series } from '../series/price.ts';

/** A training and the seconds it took: the core has no clock of its own. */
export type TimedTraining = (request: TrainingRequest) => Promise<{ result: TrainingResult; seconds: number }>;

/** A trained model of the replay; two policies that come to the same training share it. */
export interface ReplayModel extends AccountableModel {
  /** Says what it was trained from: the arm, the day, and the parent's own id. */
  readonly id: string;
  readonly network: Network;
  readonly seconds: number;
}

export interface WorkshopOptions {
  readonly symbol: string;
  readonly series: Series;
  readonly spec: ModelSpec;
  readonly train: TimedTraining;
  /** Levels a training is given at most, the latest. */
  readonly historyDays: number;
}

/** Trains each model once, however many policies ask for it. */
export interface Workshop {
  /** The arms as a retrain on the close of the day with index `today` trains them; only from scratch without a parent. */
  trainArms(today: number, parent: ReplayModel | null): Promise<{ name: ArmName; model: ReplayModel }[]>;
  /** Trainings made, shared ones counted once. */
  readonly trainings: () => number;
}

export function openWorkshop({ symbol, series, spec, train, historyDays }: WorkshopOptions): Workshop {
  const models = new Map<string, Promise<ReplayModel>>();
  const classics = new Map<number, Classic>();

  const make = async (id: string, arm: ArmName, today: number, parent: ReplayModel | null): Promise<ReplayModel> => {
    const { known } = splitOf(today, spec);
    const closes = series.closes.slice(Math.max(0, known - historyDays), known);
    const { result, seconds } = await train({
      closes,
      validationDays: VALIDATION_DAYS,
      spec,
      seed: seedFrom(symbol, series.days[today]!, arm),
      ...(arm === 'fine-tuned' && parent !== null ? { initial: parent.network } : {}),
    });
    const validation = { from: closes.length - VALIDATION_DAYS, to: closes.length };
    const classic = classics.get(today) ?? learnClassic(closes, validation, spec);
    classics.set(today, classic);
    const predictor = createPredictor(result.network);
    const calibration = calibrate(predictor, closes, validation, classic);
    return { id, network: result.network, predictor, calibration, knownTo: series.days[known - 1]!, seconds };
  };

  return {
    trainings: () => models.size,
    trainArms: (today, parent) => {
      const arms: ArmName[] = parent === null ? ['from-scratch'] : ['fine-tuned', 'from-scratch'];
      return Promise.all(
        arms.map(async (name) => {
          const id = name === 'from-scratch' ? `${name}@${today}` : `${name}@${today}<${parent?.id ?? ''}`;
          const model = models.get(id) ?? make(id, name, today, parent);
          models.set(id, model);
          return { name, model: await model };
        }),
      );
    },
  };
}

export function splitOf(today: number, spec: ModelSpec) {
  return splitForTraining(today + 1, {
    heldOut: HELD_OUT_DAYS,
    validation: VALIDATION_DAYS,
    horizon: spec.horizon,
  });
}
