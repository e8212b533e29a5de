import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advanceForecasts } from '../../../core/forecast/advance.ts';
import { updateBand } from '../../../core/forecast/band.ts';
import { calibrate } from '../../../core/forecast/calibration.ts';
import { makeForecast } from '../../../core/forecast/forecast.ts';
import type { IssuedForecast } from '../../../core/forecast/issued.ts';
import { naiveRange } from '../../../core/forecast/naive.ts';
import { scoreForecast } from '../../../core/forecast/score.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 460, seed: 31, volatility: (i) => (i % 90 < 45 ? 0.008 : 0.02) });
const predictor = ewmaPredictor({ meanOf: (changes) => 0.1 * changes.at(-1)! });
const calibration = calibrate(predictor, series, { from: 250, to: 400 });
const start = { predictor, calibration, band: calibration.band, pending: [] as readonly IssuedForecast[] };

/** The same life told a day at a time: forecasts due meet the close, the band learns, then new ones are given. */
function liveByHand(from: number, to: number) {
  let band = calibration.band;
  const issued: IssuedForecast[] = [];
  const scored: ReturnType<typeof scoreForecast>[] = [];
  for (let today = from; today < to; today += 1) {
    const actual = series.closes[today]!;
    for (const { asOf, forecast, naiveDistribution } of [...issued]) {
      if (series.days.indexOf(asOf) + forecast.horizon !== today) continue;
      const score = scoreForecast({
        day: series.days[today]!,
        actual,
        forecast,
        naiveDistribution,
        transform: 'log-return',
      });
      scored.push(score);
      const distance = Math.abs(score.changeError) / forecast.distribution.spread;
      band = updateBand(band, { horizon: forecast.horizon, score: distance, covered: score.covered });
    }
    const closes = series.closes.subarray(0, today + 1);
    const [naive] = naiveRange(closes, 'log-return', 5, today, today + 1);
    makeForecast({ predictor, calibration, band, closes, horizon: 5 }).forEach((forecast, i) => {
      issued.push({ asOf: series.days[today]!, forecast, naiveDistribution: naive![i]! });
    });
  }
  return { issued, scored, band };
}

const lived = advanceForecasts({ ...start, series: sliceSeries(series, 0, 430), from: 405 });

describe('living through days', () => {
  it('gives the forecasts, scores and bands of a life told day by day', () => {
    const expected = liveByHand(405, 430);
    assert.deepEqual(lived.issued, expected.issued);
    assert.deepEqual(
      lived.scored.map(({ score }) => score),
      expected.scored,
    );
    assert.deepEqual(lived.band, expected.band);
    assert.equal(lived.issued.length, 25 * 5);
    assert.equal(lived.scored.length, 24 + 23 + 22 + 21 + 20);
    for (const { issued, score } of lived.scored) assert.equal(issued.forecast.horizon, score.horizon);
  });

  it('comes to the same whether the days arrive together or one by one', () => {
    let { band, pending } = start;
    const issued: IssuedForecast[] = [];
    const scored: (typeof lived.scored)[number][] = [];
    for (let today = 405; today < 430; today += 1) {
      const step = advanceForecasts({
        ...start,
        band,
        pending,
        series: sliceSeries(series, 0, today + 1),
        from: today,
      });
      issued.push(...step.issued);
      scored.push(...step.scored);
      const met = new Set(step.scored.map((each) => each.issued));
      pending = [...pending, ...step.issued].filter((each) => !met.has(each));
      ({ band } = step);
    }
    assert.deepEqual({ issued, scored, band }, lived);
  });

  it('meets forecasts given before, and leaves those of unknown days alone', () => {
    const before = lived.issued.filter(({ asOf }) => asOf <= series.days[409]!);
    const pending = before.filter(({ asOf, forecast }) => series.days.indexOf(asOf) + forecast.horizon >= 410);
    const stranger = { ...before[0]!, asOf: '1990-01-01' as IssuedForecast['asOf'] };
    const later = advanceForecasts({
      ...start,
      pending: [stranger, ...pending],
      series: sliceSeries(series, 0, 412),
      from: 410,
    });
    assert.deepEqual(
      later.scored.map(({ score }) => [score.day, score.horizon]),
      lived.scored
        .filter(({ score }) => score.day >= series.days[410]! && score.day <= series.days[411]!)
        .map(({ score }) => [score.day, score.horizon]),
    );
  });

  it('scores what a day that arrived late has made due, though no day is new', () => {
    const before = sliceSeries(series, 0, 420);
    const without = {
      days: before.days.filter((_, i) => i !== 418),
      closes: before.closes.filter((_, i) => i !== 418),
    };
    const first = advanceForecasts({ ...start, series: without, from: 410 });
    const met = new Set(first.scored.map((each) => each.issued));
    const pending = first.issued.filter((each) => !met.has(each));
    const late = advanceForecasts({ ...start, band: first.band, pending, series: before, from: 420 });
    // With day 418 among them, one forecast of each of the days before it is due at a distance more, for day 419.
    assert.deepEqual(
      late.scored.map(({ issued: { asOf }, score }) => [asOf, score.horizon, score.day]),
      [414, 415, 416, 417].map((asOf) => [series.days[asOf], 419 - asOf, series.days[419]]),
    );
    const learnt = late.band.horizons.map(({ missRate }, i) => Number(missRate !== first.band.horizons[i]!.missRate));
    assert.deepEqual([late.issued, learnt], [[], [0, 1, 1, 1, 1]]);
  });

  it('begins where the first window is full, and changes nothing without new days', () => {
    const early = advanceForecasts({ ...start, series: sliceSeries(series, 0, 62), from: 0 });
    assert.deepEqual([...new Set(early.issued.map(({ asOf }) => asOf))], series.days.slice(59, 62));
    for (const from of [430, 431]) {
      const none = advanceForecasts({ ...start, series: sliceSeries(series, 0, 430), from });
      assert.deepEqual([none.scored, none.issued], [[], []]);
      assert.equal(none.band, calibration.band);
    }
  });
});
