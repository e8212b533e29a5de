import { calibrate, type Calibration } from '../forecast/calibration.ts';
import { type LearntClassic } from '../forecast/classic.ts';
import { forecastNextDay } from '../forecast/forecast.ts';
import { measureQuality, type ForecastQuality } from '../forecast/quality.ts';
import { createPredictor } from '../model/infer.ts';
import type { Network } from '../model/network.ts';
import { lastDayOf, sliceSeries, type Series } from '../series/price.ts';
import { scoreHeldOut, type AccountableModel } from './heldOut.ts';
import type { TrainingSplit } from './split.ts';

/** Plain values, so that an arm can be completed on another thread. */
export interface ArmInput {
  readonly network: Network;
  /** Up to today; cut as `split` says. */
  readonly series: Series;
  readonly split: TrainingSplit;
}

/** A question whose answer is stored: whoever serves the model must give exactly this first. */
export interface GoldenQuery {
  readonly closes: readonly number[];
  readonly prediction: number;
}

/** What a trained network still needs to be a model that can be served and judged. */
export interface ArmFigures {
  readonly calibration: Calibration;
  /** One day ahead over the held-out days. */
  readonly holdout: ForecastQuality;
  readonly golden: GoldenQuery;
}

/** Calibrates on the validation days, scores the held-out days, and notes one answer by which the model can be told again. */
export function completeArm({ network, series, split }: ArmInput): ArmFigures {
  const known = sliceSeries(series, 0, split.known);
  const model = calibrateArm(network, known, split);
  const { days } = scoreHeldOut(model, series);
  return {
    calibration: model.calibration,
    holdout: measureQuality(days),
    golden: askGolden(model, Array.from(known.closes.slice(-network.spec.window))),
  };
}

/**
 * A trained network as a model that can be held to account.
 * @param known the days it was trained and is calibrated on, and no others.
 * @param classic as for `calibrate`.
 */
export function calibrateArm(
  network: Network,
  known: Series,
  { validation }: Pick<TrainingSplit, 'validation'>,
  classic?: LearntClassic,
): AccountableModel {
  const predictor = createPredictor(network);
  const calibration = calibrate(predictor, known, validation, classic);
  return { predictor, calibration, knownTo: lastDayOf(known) };
}

function askGolden({ predictor, calibration }: AccountableModel, closes: readonly number[]): GoldenQuery {
  const { prediction } = forecastNextDay({ predictor, calibration, band: calibration.band, closes });
  return { closes, prediction };
}
