import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { applyCalibration, calibrate, learnClassic } from '../../../core/forecast/calibration.ts';
import { rhythmFactors } from '../../../core/forecast/rhythm.ts';
import { chooseShrinkage } from '../../../core/forecast/shrinkage.ts';
import { chooseSpreadFactor } from '../../../core/forecast/spreadFactor.ts';
import { toChanges } from '../../../core/series/transform.ts';
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

  describe('is what the validation days would have shown', () => {
    const swinging = simulateSeries({ length: 640, seed: 12, autocorrelation: 0.3 });
    const predictor = ewmaPredictor({ meanOf: (changes) => 0.3 * changes.at(-1)!, spreadFactor: 1.2 });
    const range = { from: 420, to: 620 };
    const calibration = calibrate(predictor, swinging.closes, range);

    it('its scores are those of the calibrated forecasts of these days, each made on its own day', () => {
      assert.equal(calibration.days, 620 - 420 - 5);
      for (let h = 1; h <= 5; h += 1) {
        const expected: number[] = [];
        for (let day = range.from; day + h < range.to; day += 1) {
          const known = swinging.closes.subarray(0, day + 1);
          const forecast = applyCalibration(predictor.predict(known), calibration, known, predictor.spec)[h - 1]!;
          const change = Math.log(swinging.closes[day + h]! / swinging.closes[day]!);
          expected.push(Math.abs(change - forecast.mean) / forecast.spread);
        }
        const { scores, missRate } = calibration.band.horizons[h - 1]!;
        assert.equal(scores.length, expected.length, `${h} days ahead`);
        assert.ok(Math.abs(missRate - 0.1) < 1e-12);
        scores.forEach((score, i) => {
          assert.ok(Math.abs(score / expected[i]! - 1) < 1e-9, `${h} days ahead from day ${range.from + i}`);
        });
      }
    });

    it('its factors are the ones chosen for each horizon from these trials', () => {
      const classic = learnClassic(swinging.closes, range, predictor.spec);
      const plain = { ...calibration, horizons: calibration.horizons.map(() => ({ shrinkage: 0, spreadFactor: 1 })) };
      for (const h of [1, 3, 5]) {
        const days = Array.from({ length: range.to - range.from - h }, (_, i) => range.from + i);
        const trials = days.map((day) => {
          const known = swinging.closes.subarray(0, day + 1);
          const [forecast, network] = [
            applyCalibration(predictor.predict(known), plain, known, predictor.spec),
            predictor.predict(known),
          ];
          const actual = Math.log(swinging.closes[day + h]! / swinging.closes[day]!);
          return { actual, forecast: forecast[h - 1]!, mean: network[h - 1]!.mean };
        });
        const { shrinkage, spreadFactor } = calibration.horizons[h - 1]!;
        const expected = chooseShrinkage(
          trials,
          trials.map(({ mean }) => mean),
          h,
        );
        assert.ok(Math.abs(shrinkage - expected) < 1e-9, `${h} days ahead: ${shrinkage} is not ${expected}`);
        const shrunk = trials.map(({ actual, forecast, mean }) => ({
          actual,
          forecast: { ...forecast, mean: forecast.mean + shrinkage * mean },
        }));
        assert.ok(Math.abs(spreadFactor - chooseSpreadFactor(shrunk)) < 1e-9);
      }
      assert.deepEqual({ anchor: calibration.anchor, rhythm: calibration.rhythm }, classic);
      assert.deepEqual(calibrate(predictor, swinging.closes, range, classic), calibration);
    });
  });

  it('learns its classic part from the days before validation less the horizon, and from all of them', () => {
    const range = { from: 400, to: 650 };
    const { spec } = ewmaPredictor();
    const expected = learnClassic(series.closes, range, spec);
    const changed = (index: number) =>
      learnClassic(
        series.closes.map((close, i) => (i === index ? 1.05 * close : close)),
        range,
        spec,
      );
    assert.deepEqual(changed(395), expected);
    assert.notDeepEqual(changed(394), expected);
    assert.deepEqual(learnClassic(series.closes, { from: 3, to: 200 }, spec), { anchor: null, rhythm: null });
  });

  it('takes the weekly rhythm into the spread of the days it is for', () => {
    const week = [1.5, 1.5, 1.5, 1.5, 1.5, 0.4, 0.4];
    const weekly = simulateSeries({ length: 1500, seed: 3, volatility: (i) => 0.02 * week[i % 7]! });
    const predictor = ewmaPredictor();
    const calibration = calibrate(predictor, weekly.closes, { from: 1100, to: 1400 });
    assert.notEqual(calibration.rhythm, null);
    const spreadAfter = (day: number, rhythm = calibration.rhythm) => {
      const known = weekly.closes.subarray(0, day + 1);
      return applyCalibration(predictor.predict(known), { ...calibration, rhythm }, known, predictor.spec)[0]!.spread;
    };
    // The change after close i has index i: that of a quiet day and that of a loud one.
    const [quiet, loud] = [1404, 1407].map((day) =>
      [day, day + 1].find((each) => each % 7 === (day === 1404 ? 5 : 0))!,
    );
    const factor = (day: number) => spreadAfter(day) / spreadAfter(day, null);
    const window = toChanges(weekly.closes.slice(quiet! - 59, quiet! + 1), 'log-return');
    assert.ok(Math.abs(factor(quiet!) - rhythmFactors(calibration.rhythm!, window, 1)[0]!) < 1e-12);
    assert.ok(factor(quiet!) < 0.6 && factor(loud!) > 1);
  });

  it('asks for thirty days with a full window before them, and says how many there are', () => {
    const days = (from: number, to: number) => () => calibrate(ewmaPredictor(), series.closes, { from, to });
    assert.equal(days(300, 335)().days, 30);
    assert.throws(days(300, 334), {
      code: 'TOO_FEW_VALUES',
      message: 'Calibration needs 30 validation days with a full window before them; got 29.',
    });
    assert.throws(days(20, 80), { message: /; got 16\.$/ });
    assert.throws(days(50, 52), { message: /; got 0\.$/ });
    assert.equal(days(0, 59 + 35)().days, 30, 'the first window ends on day 59');
  });
});
