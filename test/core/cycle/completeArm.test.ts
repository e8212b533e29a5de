import assert from 'node:assert/strict';
import { sliceSeries } from '../../../core/series/price.ts';
import { test } from 'node:test';
import { completeArm } from '../../../core/cycle/completeArm.ts';
import { atHorizon, scoreRange } from '../../../core/cycle/heldOut.ts';
import { splitForTraining } from '../../../core/cycle/split.ts';
import { calibrate } from '../../../core/forecast/calibration.ts';
import { makeForecast } from '../../../core/forecast/forecast.ts';
import { measureQuality } from '../../../core/forecast/quality.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { SMALL_SPEC, ZERO_NETWORK } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 720, seed: 28 });
/** Sixty days held out and a gap of the longest horizon before them. */
const KNOWN = 720 - 60 - 5;

test('an arm is calibrated on its validation days, judged on its held-out days, and told again by one answer', () => {
  const split = splitForTraining(series.closes.length, { heldOut: 60, validation: 250, horizon: SMALL_SPEC.horizon });
  const figures = completeArm({ network: ZERO_NETWORK, series, split });
  const predictor = createPredictor(ZERO_NETWORK);
  const calibration = calibrate(predictor, sliceSeries(series, 0, KNOWN), split.validation);
  assert.deepEqual(figures.calibration, calibration);
  const model = { predictor, calibration, knownTo: series.days[KNOWN - 1]! };
  const { scores } = scoreRange(model, series, 660, 720);
  assert.deepEqual(figures.holdout, measureQuality(atHorizon(scores, 1)));
  assert.equal(figures.holdout.days, 60);
  const closes = [...series.closes.slice(KNOWN - SMALL_SPEC.window, KNOWN)];
  const [next] = makeForecast({ predictor, calibration, band: calibration.band, closes, horizon: 1 });
  assert.deepEqual(figures.golden, { closes, prediction: next!.prediction });
});
