import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bandWidth, startBand } from '../../../core/forecast/band.ts';
import { applyCalibration, calibrate } from '../../../core/forecast/calibration.ts';
import { makeForecast } from '../../../core/forecast/forecast.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 500, seed: 21, autocorrelation: 0.5 });
const predictor = ewmaPredictor({ meanOf: (changes) => 0.5 * changes.at(-1)! });
const calibration = calibrate(predictor, series, { from: 200, to: 500 });
const closes = series.closes.slice(-60);
const forecast = (horizon: number, levels: ArrayLike<number> = closes) =>
  makeForecast({ predictor, calibration, band: calibration.band, closes: levels, horizon });

const none = { anchor: null, rhythm: null };
const unanchored = calibrate(predictor, series, { from: 200, to: 500 }, { before: none, known: none });
const forecastAlone = (horizon: number) =>
  makeForecast({ predictor, calibration: unanchored, band: unanchored.band, closes, horizon });

describe('forecast', () => {
  it('gives each day ahead with its band around the prediction and naive beside it', () => {
    const days = forecast(12);
    assert.deepEqual(
      days.map((day) => day.horizon),
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    for (const day of days) {
      assert.ok(day.lower < day.prediction && day.prediction < day.upper);
      assert.equal(day.naive, closes.at(-1));
      assert.equal(day.level, 0.9);
    }
  });

  it('is the same whether asked for one day or many', () => {
    assert.deepEqual(forecast(3), forecast(12).slice(0, 3));
  });

  it('scales with the price: the same window in other units gives the same forecast in those units', () => {
    const cents = forecast(
      7,
      Float64Array.from(closes, (close) => close * 100),
    );
    forecast(7).forEach((day, i) => {
      assert.ok(Math.abs(cents[i]!.prediction / day.prediction / 100 - 1) < 1e-12);
      assert.ok(Math.abs(cents[i]!.upper / day.upper / 100 - 1) < 1e-12);
    });
  });

  it('without an anchor chains five-day steps beyond the fifth day: means add, squared spreads add', () => {
    const days = forecastAlone(12);
    const { mean, spread } = days[11]!.distribution;
    const five = days[4]!.distribution;
    const two = days[1]!.distribution;
    assert.ok(Math.abs(mean - (2 * five.mean + two.mean)) < 1e-15);
    assert.ok(Math.abs(spread - Math.sqrt(2 * five.spread ** 2 + two.spread ** 2)) < 1e-15);
  });

  it('puts the band around the mean of the change, as wide as its own tail says', () => {
    const last = closes.at(-1)!;
    for (const day of forecast(5)) {
      const { mean, spread } = day.distribution;
      const half = spread * bandWidth(calibration.band, day.horizon, day.distribution.dof);
      assert.ok(Math.abs(day.prediction - last * Math.exp(mean)) < 1e-9);
      assert.ok(Math.abs(day.lower - last * Math.exp(mean - half)) < 1e-9);
      assert.ok(Math.abs(day.upper - last * Math.exp(mean + half)) < 1e-9);
    }
    const expected = applyCalibration(predictor.predict(closes), calibration, { closes }, predictor.spec);
    assert.deepEqual(
      forecast(5).map((day) => day.distribution),
      expected,
    );
  });

  it('without an anchor adds squared half-widths beyond the fifth day, with the tail of five days', () => {
    const days = forecastAlone(15);
    const half = (h: number) => days[h - 1]!.distribution.spread * bandWidth(unanchored.band, h);
    for (const [h, steps, rest] of [
      [6, 1, 1],
      [10, 1, 5],
      [11, 2, 1],
      [15, 2, 5],
    ] as const) {
      const { upper, lower, distribution } = days[h - 1]!;
      const wide = Math.sqrt(steps * half(5) ** 2 + half(rest) ** 2);
      assert.ok(Math.abs(Math.log(upper / lower) / 2 / wide - 1) < 1e-12, `${h} days ahead`);
      assert.equal(distribution.dof, days[4]!.distribution.dof);
      const { mean: five } = days[4]!.distribution;
      assert.ok(Math.abs(distribution.mean - steps * five - days[rest - 1]!.distribution.mean) < 1e-15);
    }
  });

  it('has bands as smooth as they are wide: each at least as wide as the one before, growing by a tenth of a day at most beyond', () => {
    const calm = simulateSeries({ length: 500, seed: 22 });
    const fitted = calibrate(ewmaPredictor(), calm, { from: 200, to: 500 });
    const days = makeForecast({ predictor, calibration: fitted, band: fitted.band, closes: calm.closes, horizon: 60 });
    const widths = days.map((day) => Math.log(day.upper / day.lower));
    for (let h = 2; h <= 60; h += 1) {
      const growth = widths[h - 1]! / widths[h - 2]!;
      assert.ok(growth >= 1, `${h} days ahead: ${growth}`);
      assert.ok(growth <= Math.sqrt(h / (h - 1)) * 1.1, `${h} days ahead: ${growth}`);
    }
  });

  it('reads the band it is given and tells its level', () => {
    const wide = startBand(
      calibration.band.horizons.map(() => [40]),
      0.8,
    );
    const [day] = makeForecast({ predictor, calibration, band: wide, closes, horizon: 1 });
    assert.equal(day!.level, 0.8);
    assert.ok(Math.abs(Math.log(day!.upper / day!.lower) / 2 / day!.distribution.spread - 40) < 1e-9);
  });

  it('works in differences for a series that crosses zero', () => {
    const spec = { ...DEFAULT_SPEC, transform: 'difference' as const };
    const levels = Float64Array.from(series.closes, (close) => close - series.closes[499]!);
    const around = ewmaPredictor({ spec });
    const fitted = calibrate(around, { closes: levels }, { from: 200, to: 500 });
    const [day] = makeForecast({
      predictor: around,
      calibration: fitted,
      band: fitted.band,
      closes: levels,
      horizon: 1,
    });
    assert.ok(day!.lower < 0 && day!.upper > 0);
    assert.equal(day!.naive, 0);
  });
});
