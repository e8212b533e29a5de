import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { atHorizon, scoreRange, type AccountableModel } from '../../../core/cycle/heldOut.ts';
import { forecastLosses, naiveLosses } from '../../../core/cycle/losses.ts';
import { calibrate } from '../../../core/forecast/calibration.ts';
import { makeForecast } from '../../../core/forecast/forecast.ts';
import type { Predictor } from '../../../core/model/network.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 900, seed: 31, volatility: (i) => (i % 200 < 100 ? 0.008 : 0.02) });
const predictor = ewmaPredictor();
const calibration = calibrate(predictor, series, { from: 400, to: 700 });
const model: AccountableModel = { predictor, calibration, knownTo: series.days[699]! };

/** What makes all of the network's spread the forecast's. */
const believing = { ...calibration, weight: 1 };

/** Whether a forecast given before the day with index 800 changes when closes from that day on do. */
function readsTheFuture(suspect: Predictor): boolean {
  const altered = { ...series, closes: series.closes.slice() };
  altered.closes.fill(50, 800);
  const issuedBefore = (data: typeof series) =>
    atHorizon(scoreRange({ ...model, calibration: believing, predictor: suspect }, data, 705, 850).scores, 1)
      .filter((score) => score.day <= series.days[800]!)
      .map(({ day, prediction, lower, upper }) => ({ day, prediction, lower, upper }));
  return JSON.stringify(issuedBefore(series)) !== JSON.stringify(issuedBefore(altered));
}

describe('scores of held-out days', () => {
  it('are of every horizon for every day, in time order', () => {
    const { scores } = scoreRange(model, series, 705, 765);
    assert.equal(scores.length, 60 * 5);
    assert.deepEqual(
      atHorizon(scores, 3).map((score) => score.day),
      series.days.slice(705, 765),
    );
  });

  it('are those of the forecast that would have been given on the day before', () => {
    const [score] = scoreRange(model, series, 700, 701).scores;
    const [forecast] = makeForecast({
      predictor,
      calibration,
      band: calibration.band,
      closes: series.closes.subarray(0, 700),
      horizon: 1,
    });
    assert.equal(score!.prediction, forecast!.prediction);
    assert.equal(score!.upper, forecast!.upper);
    assert.equal(score!.actual, series.closes[700]);
    assert.equal(score!.naive, series.closes[699]);
  });

  it('of a longer horizon begin when the model has lived that long', () => {
    const { scores } = scoreRange(model, series, 700, 705);
    assert.deepEqual(
      [1, 2, 5].map((h) => atHorizon(scores, h).length),
      [5, 4, 1],
    );
  });

  it('refuse a day the model has seen', () => {
    const seen = (error: unknown) => error instanceof ShepherdError && error.message.includes(model.knownTo);
    assert.throws(() => scoreRange(model, series, 699, 760), seen);
    assert.equal(atHorizon(scoreRange(model, series, 700, 760).scores, 1).length, 60);
  });

  it('do not read ahead, and a predictor that does is caught', () => {
    assert.ok(!readsTheFuture(predictor));
    const leaking: Predictor = {
      ...predictor,
      predictRange: (closes, from, to) =>
        predictor.predictRange(closes, from, to).map((row, i) => {
          const tomorrow = Math.log((closes[from + i + 1] ?? closes[from + i]!) / closes[from + i]!);
          return row.map((distribution) => ({ ...distribution, spread: distribution.spread + Math.abs(tomorrow) }));
        }),
    };
    assert.ok(readsTheFuture(leaking));
  });

  it('become losses in units of the volatility known the day before, of naive as well, and as they are without one', () => {
    const [first, second] = atHorizon(scoreRange(model, series, 705, 707).scores, 1);
    const still = { ...second!, volatility: 0 };
    const { crps, squaredError, days } = forecastLosses([first!, still]);
    assert.deepEqual(days, [first!.day, still.day]);
    assert.deepEqual(crps, [first!.crps / first!.volatility, still.crps]);
    assert.deepEqual(squaredError, [(first!.changeError / first!.volatility) ** 2, still.changeError ** 2]);
    const naive = naiveLosses([first!, still]);
    assert.deepEqual(naive.days, days);
    assert.deepEqual(naive.crps, [first!.naiveCrps / first!.volatility, still.naiveCrps]);
    assert.deepEqual(naive.squaredError, [(first!.change / first!.volatility) ** 2, still.change ** 2]);
  });

  it('become losses that count calm and wild days alike', () => {
    const scores = atHorizon(scoreRange(model, series, 705, 900).scores, 1);
    const losses = forecastLosses(scores);
    const naive = naiveLosses(scores);
    assert.deepEqual(losses.days, naive.days);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    assert.ok(Math.abs(mean(losses.crps) / mean(naive.crps) - 1) < 0.05);
    assert.equal(losses.squaredError[0], (scores[0]!.changeError / scores[0]!.volatility) ** 2);
  });
});
