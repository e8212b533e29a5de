import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { applyCalibration, calibrate } from '../../../core/forecast/calibration.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 700, seed: 11 });
const validation = { from: 400, to: 700 };

describe('calibration', () => {
  it('gives no weight to a mean that foresees nothing', () => {
    const noisy = ewmaPredictor({ meanOf: (changes) => 0.7 * changes.at(-1)! });
    const calibration = calibrate(noisy, series.closes, validation);
    assert.equal(calibration.horizons[0]!.shrinkage, 0);
    const apply = (mean: number) =>
      applyCalibration([{ mean, spread: 0.01, dof: 5 }], calibration, series.closes, noisy.spec)[0]!.mean;
    assert.equal(apply(0.02), apply(-0.01));
  });

  it('keeps most of a mean that is right', () => {
    const swinging = simulateSeries({ length: 700, seed: 12, autocorrelation: 0.6 });
    const right = ewmaPredictor({ meanOf: (changes) => 0.6 * changes.at(-1)! });
    const { shrinkage } = calibrate(right, swinging.closes, validation).horizons[0]!;
    assert.ok(shrinkage > 0.8 && shrinkage <= 1, `shrinkage ${shrinkage}`);
  });

  it('corrects most of a spread that is too wide or too narrow', () => {
    const factor = (spreadFactor: number) =>
      calibrate(ewmaPredictor({ spreadFactor }), series.closes, validation).horizons[0]!.spreadFactor;
    const fair = factor(1);
    assert.ok(fair > 0.9 && fair < 1.1, `fair ${fair}`);
    assert.ok(factor(1.4) < 0.97 * fair);
    assert.ok(factor(0.7) > 1.03 * fair);
  });

  it('reads nothing after the validation days', () => {
    const altered = series.closes.slice();
    altered.fill(1, 650);
    const range = { from: 400, to: 650 };
    assert.deepEqual(calibrate(ewmaPredictor(), altered, range), calibrate(ewmaPredictor(), series.closes, range));
  });

  it('survives storage as JSON', () => {
    const calibration = calibrate(ewmaPredictor(), series.closes, validation);
    assert.deepEqual(JSON.parse(JSON.stringify(calibration)), calibration);
  });

  it('does without an anchor where the days before validation are too few to fit one', () => {
    const early = calibrate(ewmaPredictor(), series.closes, { from: 150, to: 400 });
    assert.equal(early.anchor, null);
    const alone = applyCalibration([{ mean: 0, spread: 0.01, dof: 5 }], early, series.closes, ewmaPredictor().spec)[0]!;
    assert.equal(alone.spread, 0.01 * early.horizons[0]!.spreadFactor);
    assert.equal(alone.dof, 5);
  });

  it('refuses a range too short to learn a tail from', () => {
    assert.throws(
      () => calibrate(ewmaPredictor(), series.closes, { from: 40, to: 80 }),
      (error) => error instanceof ShepherdError && error.code === 'TOO_FEW_VALUES',
    );
  });
});
