import { calibrateArm } from '../cycle/completeArm.ts';
import type { AccountableModel } from '../cycle/heldOut.ts';
import { planTraining, type PlannedArm, type TrainingPlan } from '../cycle/planTraining.ts';
import { splitOf } from '../cycle/split.ts';
import type { ArmName } from '../decide/evidence.ts';
import { learnClassic, type LearntClassic } from '../forecast/classic.ts';
import type { Network } from '../model/network.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { TrainingRequest, TrainingResult } from '../model/training/request.ts';
import type { TradingDay } from '../series/day.ts';
import { lastDayOf, sliceSeries, type Series } from '../series/price.ts';

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
  readonly spec: ModelSpec;
  readonly train: TimedTraining;
  /** Levels a training is given at most, the latest. */
  readonly historyDays: number;
}

/** Trains each model once, however many policies ask for it. */
export interface Workshop {
  /** The arms as a retrain at the end of the series trains them; only from scratch without a parent. */
  trainArms(series: Series, parent: ReplayModel | null): Promise<{ name: ArmName; model: ReplayModel }[]>;
  /** Trainings made, shared ones counted once. */
  readonly trainings: () => number;
}

export function openWorkshop({ symbol, spec, train, historyDays }: WorkshopOptions): Workshop {
  const models = new Map<string, Promise<ReplayModel>>();
  /** What needs no network is learnt once a day. */
  const classics = new Map<TradingDay, LearntClassic>();

  const make = async (id: string, { request }: PlannedArm, { split, known }: TrainingPlan): Promise<ReplayModel> => {
    const { result, seconds } = await train(request);
    const classic = classics.get(lastDayOf(known)) ?? learnClassic(known, split.validation, spec);
    classics.set(lastDayOf(known), classic);
    return { id, network: result.network, seconds, ...calibrateArm(result.network, known, split, classic) };
  };

  return {
    trainings: () => models.size,
    trainArms: (series, parent) => {
      const recent = latest(series, historyDays, spec);
      const plan = planTraining({ symbol, series: recent, spec, parent: parent?.network ?? null });
      return Promise.all(
        plan.arms.map(async (arm) => {
          const born = `${arm.name}@${lastDayOf(series)}`;
          const id = arm.request.initial === undefined || parent === null ? born : `${born}<${parent.id}`;
          const model = models.get(id) ?? make(id, arm, plan);
          models.set(id, model);
          return { name: arm.name, model: await model };
        }),
      );
    },
  };
}

/** The end of a series of which a training is given `historyDays` levels at most. */
function latest(series: Series, historyDays: number, spec: ModelSpec): Series {
  const { length } = series.days;
  return sliceSeries(series, Math.max(0, splitOf(length, spec).known - historyDays), length);
}
