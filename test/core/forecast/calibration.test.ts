import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { applyCalibration, calibrate } from '../../../core/forecast/calibration.ts';
import { learnClassic } from '../../../core/forecast/classic.ts';
import { rhythmFactors } from '../../../core/forecast/rhythm.ts';
import { startBand } from '../../../core/forecast/band.ts';
import { garchDistributions } from '../../../core/forecast/garchAnchor.ts';
import { poolWithGarch } from '../../../core/forecast/pool.ts';
import type { Predictor } from '../../../core/model/network.ts';
import type { Prices } from '../../../core/series/price.ts';
import { toChanges } from '../../../core/series/transform.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { simulateBars, simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 700, seed: 11 });
const validation = { from: 400, to: 700 };

describe('calibration', () => {
  it('gives no weight to a mean that foresees nothing', () => {
    const noisy = ewmaPredictor({ meanOf: (changes) => 0.7 * changes.at(-1)! });
    const calibration = calibrate(noisy, series, validation);
    assert.equal(calibration.horizons[0]!.shrinkage, 0);
    const apply = (mean: number) =>
      applyCalibration([{ mean, spread: 0.01, dof: 5 }], calibration, series, noisy.spec, 1)[0]!.mean;
    assert.equal(apply(0.02), apply(-0.01));
  });

  it('keeps most of a mean that is right', () => {
    const swinging = simulateSeries({ length: 700, seed: 12, autocorrelation: 0.6 });
    const right = ewmaPredictor({ meanOf: (changes) => 0.6 * changes.at(-1)! });
    const { shrinkage } = calibrate(right, swinging, validation).horizons[0]!;
    assert.ok(shrinkage > 0.8 && shrinkage <= 1, `shrinkage ${shrinkage}`);
  });

  it('gives the network no weight beside a volatility model that is right, and most of it where the model is blind', () => {
    const weightOf = (from: number, predictor: Predictor) => calibrate(predictor, series, { from, to: 700 }).weight!;
    assert.equal(weightOf(400, ewmaPredictor({ spreadFactor: 1.4 })), 0);
    // Every seventh day moves four times as much as the others; the network alone counts the days.
    const seventh = (i: number) => (i % 7 === 3 ? 0.04 : 0.01);
    const regular = simulateSeries({ length: 700, seed: 5, volatility: seventh });
    const { spec } = ewmaPredictor();
    const counts = (day: number) =>
      Array.from({ length: spec.horizon }, (_, h) => {
        const ahead = Array.from({ length: h + 1 }, (__, k) => seventh(day + k) ** 2);
        return { mean: 0, spread: Math.sqrt(ahead.reduce((sum, each) => sum + each, 0)), dof: Infinity };
      });
    const knowing: Predictor = {
      spec,
      predict: (closes) => counts(closes.length - 1),
      predictRange: (_, from, to) => Array.from({ length: to - from }, (__, i) => counts(from + i)),
    };
    const classic = learnClassic(regular, validation, spec);
    const blind = { before: { ...classic.before, rhythm: null }, known: { ...classic.known, rhythm: null } };
    const { weight } = calibrate(knowing, regular, validation, blind);
    assert.ok(weight! > 0.5, `weight ${weight}`);
  });

  it('reads nothing after the validation days', () => {
    const altered = series.closes.slice();
    altered.fill(1, 650);
    const range = { from: 400, to: 650 };
    assert.deepEqual(calibrate(ewmaPredictor(), { closes: altered }, range), calibrate(ewmaPredictor(), series, range));
  });

  it('survives storage as JSON', () => {
    const calibration = calibrate(ewmaPredictor(), series, validation);
    assert.deepEqual(JSON.parse(JSON.stringify(calibration)), calibration);
  });

  it('stands on the network alone, its spread corrected, where no volatility model can be fitted', () => {
    const none = { anchor: null, rhythm: null };
    const alone = (spreadFactor: number) =>
      calibrate(ewmaPredictor({ spreadFactor }), series, validation, { before: none, known: none });
    const fair = alone(1);
    assert.equal(fair.anchor, null);
    assert.ok(alone(1.4).horizons[0]!.spreadFactor < 0.97 * fair.horizons[0]!.spreadFactor);
    assert.ok(alone(0.7).horizons[0]!.spreadFactor > 1.03 * fair.horizons[0]!.spreadFactor);
    const [given] = applyCalibration([{ mean: 0, spread: 0.01, dof: 5 }], fair, series, ewmaPredictor().spec);
    assert.deepEqual([given!.spread, given!.dof], [0.01 * fair.horizons[0]!.spreadFactor, 5]);
    assert.equal(fair.band.horizons[0]!.scores!.length, 299, 'its bands rest on the scores of the validation days');
  });

  it('forecasts with a model stored before version 2 as it did: half network, half GARCH', () => {
    const { spec } = ewmaPredictor();
    const parameters = {
      constant: 0.0004,
      ar: 0,
      omega: 2e-6,
      alpha: 0.03,
      gamma: 0.08,
      beta: 0.9,
      degreesOfFreedom: 6,
    };
    const horizons = Array.from({ length: 5 }, () => ({ shrinkage: 0.5, spreadFactor: 1.1 }));
    const stored = { anchor: { parameters }, rhythm: null, horizons, band: startBand([[1]]), days: 250 };
    const network = ewmaPredictor().predict(series.closes);
    const [first] = applyCalibration(network, stored, series, spec);
    const [garch] = garchDistributions({ parameters }, toChanges(series.closes.slice(-60), 'log-return'), 1);
    const expected = poolWithGarch(network[0]!, garch!, 0.5);
    assert.deepEqual(first, { ...expected, spread: 1.1 * expected.spread });
  });

  it('refuses a range too short to learn a tail from', () => {
    assert.throws(
      () => calibrate(ewmaPredictor(), series, { from: 40, to: 80 }),
      (error) => error instanceof ShepherdError && error.code === 'TOO_FEW_VALUES',
    );
  });

  it('judges the network beside an anchor that has not seen the validation days, and serves one that has', () => {
    const range = { from: 400, to: 650 };
    const { spec } = ewmaPredictor();
    const expected = learnClassic(series, range, spec);
    const changed = (index: number) =>
      learnClassic({ closes: series.closes.map((close, i) => (i === index ? 1.05 * close : close)) }, range, spec);
    assert.deepEqual(changed(395).before, expected.before);
    assert.notDeepEqual(changed(394).before, expected.before);
    assert.deepEqual(changed(650).known, expected.known);
    assert.notDeepEqual(changed(649).known, expected.known);
    const calibration = calibrate(ewmaPredictor(), series, range);
    assert.deepEqual({ anchor: calibration.anchor, rhythm: calibration.rhythm }, expected.known);
    assert.deepEqual(calibrate(ewmaPredictor(), series, range, expected), calibration);
  });

  it('reads the bars of the days where they are given, and the closes alone where not', () => {
    const long = simulateSeries({ length: 900, seed: 8 });
    const bars = simulateBars(long, { seed: 9 });
    const { spec, ...predictor } = ewmaPredictor();
    const range = { from: 600, to: 900 };
    const calibration = calibrate({ spec, ...predictor }, { ...long, bars }, range);
    const network = predictor.predict(long.closes);
    const of = (prices: Prices) => applyCalibration(network, calibration, prices, spec)[0]!.spread;
    const wide = { ...bars, high: bars.high.map((high) => 1.05 * high), low: bars.low.map((low) => low / 1.05) };
    assert.ok(of({ ...long, bars: wide }) > 1.05 * of({ ...long, bars }));
    const unsound = { ...bars, low: bars.low.map((low, i) => (i % 2 === 0 ? Number.NaN : low)) };
    assert.equal(of({ ...long, bars: unsound }), of({ closes: long.closes }));
    assert.notEqual(of({ ...long, bars }), of({ closes: long.closes }));
  });

  it('takes the weekly rhythm into the spread of the days it is for', () => {
    const week = [1.5, 1.5, 1.5, 1.5, 1.5, 0.4, 0.4];
    const weekly = simulateSeries({ length: 1500, seed: 3, volatility: (i) => 0.02 * week[i % 7]! });
    const predictor = ewmaPredictor();
    const calibration = calibrate(predictor, weekly, { from: 1100, to: 1400 });
    assert.notEqual(calibration.rhythm, null);
    const spreadAfter = (day: number, rhythm = calibration.rhythm) => {
      const known = weekly.closes.subarray(0, day + 1);
      return applyCalibration(
        predictor.predict(known),
        { ...calibration, rhythm },
        { closes: known },
        predictor.spec,
      )[0]!.spread;
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
    const days = (from: number, to: number) => () => calibrate(ewmaPredictor(), series, { from, to });
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
