import { calibrateArm } from '../cycle/completeArm.ts';
import type { Calibration } from '../forecast/calibration.ts';
import type { DayScore } from '../forecast/score.ts';
import type { Network } from '../model/network.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { EpochReport, TrainingRequest, TrainingResult } from '../model/training/request.ts';
import type { TradingDay } from '../series/day.ts';
import { sliceSeries, type Series } from '../series/price.ts';
import { cutFolds, type Fold } from './folds.ts';
import { scoreRange } from '../cycle/heldOut.ts';

/** Something that trains: a pool of threads, or `train` itself. */
export interface Trainer {
  train(
    request: TrainingRequest,
    options?: { readonly onEpoch?: (report: EpochReport) => void },
  ): Promise<TrainingResult>;
}

export interface WalkForwardOptions {
  readonly trainer: Trainer;
  readonly spec: ModelSpec;
  readonly seed: number;
  /** Index of the first day to forecast. */
  readonly from: number;
  readonly folds: number;
  readonly validationDays: number;
  readonly onFold?: (done: number, of: number) => void;
}

/** One model of the walk and the days it was held to. */
export interface WalkedFold {
  readonly fold: Fold;
  readonly knownTo: TradingDay;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly network: Network;
  readonly calibration: Calibration;
  /** Every horizon, in time order. */
  readonly scores: readonly DayScore[];
}

/**
 * Walk-forward evaluation: each fold's network is trained from scratch, and calibrated, on what was known before the fold, and
 * forecasts its days one by one. No day is forecast by a model that has seen it. Folds train side by side where the trainer can.
 */
export async function walkForward(series: Series, options: WalkForwardOptions): Promise<WalkedFold[]> {
  const folds = cutFolds(series.closes.length, { ...options, horizon: options.spec.horizon });
  let done = 0;
  return Promise.all(
    folds.map(async (fold) => {
      const walked = await judgeFold(series, fold, options);
      done += 1;
      options.onFold?.(done, folds.length);
      return walked;
    }),
  );
}

/** Trains and calibrates one fold's network and holds it to the fold's days. */
export async function judgeFold(
  series: Series,
  fold: Fold,
  { trainer, spec, seed, validationDays }: Pick<WalkForwardOptions, 'trainer' | 'spec' | 'seed' | 'validationDays'>,
): Promise<WalkedFold> {
  const known = sliceSeries(series, 0, fold.known);
  const { network, epochs, bestEpoch } = await trainer.train({ closes: known.closes, validationDays, spec, seed });
  const model = calibrateArm(network, known, fold);
  const { scores } = scoreRange(model, series, fold.test.from, fold.test.to);
  const { knownTo, calibration } = model;
  return { fold, knownTo, network, epochs: epochs.length, bestEpoch, calibration, scores };
}
