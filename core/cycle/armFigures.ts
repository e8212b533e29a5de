import type { Split } from './split.ts';
import { atHorizon, scoreRange } from './heldOut.ts';
import { calibrate, type Calibration } from '../forecast/calibration.ts';
import { makeForecast } from '../forecast/forecast.ts';
import { measureQuality, type ForecastQuality } from '../forecast/quality.ts';
import { createPredictor } from '../model/infer.ts';
import type { Network } from '../model/network.ts';
import { sliceSeries, type Series } from '../series/price.ts';

/** Plain values, so that an arm can be calibrated on another thread. */
export interface ArmInput {
  readonly network: Network;
  readonly series: Series;
  readonly split: Split;
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
  const predictor = createPredictor(network);
  const calibration = calibrate(predictor, known.closes, split.validation);
  const model = { predictor, calibration, knownTo: known.days.at(-1)! };
  const { scores } = scoreRange(model, series, split.heldOut.from, split.heldOut.to);
  const closes = Array.from(known.closes.slice(-network.spec.window));
  const [next] = makeForecast({ predictor, calibration, band: calibration.band, closes, horizon: 1 });
  return {
    calibration,
    holdout: measureQuality(atHorizon(scores, 1)),
    golden: { closes, prediction: next!.prediction },
  };
}
