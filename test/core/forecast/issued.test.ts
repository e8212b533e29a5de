import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetCloses, type IssuedForecast } from '../../../core/forecast/issued.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import type { Series } from '../../../core/series/price.ts';
import type { Transform } from '../../../core/series/transform.ts';

const FIRST = parseDay('2024-03-04');

/** Days from `FIRST` on by their number, each with its close. */
function market(closes: Readonly<Record<number, number>>, transform: Transform = 'log-return') {
  const days = Object.keys(closes).map((day) => addDays(FIRST, Number(day)));
  const series: Series = { days, closes: Float64Array.from(Object.values(closes)) };
  return { series, transform, indexOf: new Map(days.map((day, index) => [day, index])) };
}

/** Given on day number `asOf`, when its close was 100: up by 2, in a band of 5 below and above. */
function given(asOf: number, horizon: number): IssuedForecast {
  const forecast = { horizon, prediction: 102, lower: 97, upper: 107, level: 0.9, naive: 100 };
  return {
    asOf: addDays(FIRST, asOf),
    forecast: { ...forecast, distribution: { mean: Math.log(1.02), spread: 0.02, dof: 5 } },
    naiveDistribution: { mean: 0, spread: 0.02, dof: Infinity },
  };
}

test('a forecast meets the close of its day on that day, and waits until then', () => {
  const closes = market({ 0: 100, 1: 100, 2: 104 });
  const open = [given(0, 1), given(0, 2), given(1, 1), given(1, 2)];
  const first = meetCloses(open, closes, 1);
  assert.deepEqual(first.waiting, open.slice(1));
  assert.deepEqual(
    first.met.map(({ issued, score }) => [issued, score.day, score.actual]),
    [[open[0], addDays(FIRST, 1), 100]],
  );
  const second = meetCloses(first.waiting, closes, 2);
  assert.deepEqual(second.waiting, [open[3]]);
  assert.deepEqual(
    second.met.map(({ score }) => [score.horizon, score.squaredError, score.naiveSquaredError]),
    [
      [2, 4, 16],
      [1, 4, 16],
    ],
  );
});

test('a day that arrives late makes forecasts due for days that were there before', () => {
  // Day 1 was held back while day 2 came: what was given for two days ahead of day 0 is due on day 2, though that is no news.
  const late = market({ 0: 100, 1: 101, 2: 104, 3: 105 });
  const { met, waiting } = meetCloses([given(0, 2), given(2, 1), given(2, 2)], late, 3);
  assert.deepEqual(
    met.map(({ score }) => [score.day, score.actual]),
    [
      [addDays(FIRST, 2), 104],
      [addDays(FIRST, 3), 105],
    ],
  );
  assert.equal(waiting.length, 1);
});

test('a forecast from a day that the series does not have waits', () => {
  assert.deepEqual(meetCloses([given(1, 1)], market({ 0: 100, 2: 101, 3: 102 }), 2).met, []);
});

test('a history told in another unit since scores a forecast as if it had been told so then', () => {
  const [before] = meetCloses([given(0, 1)], market({ 0: 100, 1: 104 }), 1).met;
  const [after] = meetCloses([given(0, 1)], market({ 0: 50, 1: 52 }), 1).met;
  const unitless = ['absolutePercentageError', 'crps', 'naiveCrps', 'change', 'changeError', 'covered'] as const;
  for (const figure of unitless) assert.equal(after?.score[figure], before?.score[figure], figure);
  for (const figure of ['actual', 'prediction', 'lower', 'upper', 'naive', 'absoluteError'] as const)
    assert.equal(2 * after!.score[figure], before!.score[figure], figure);
  assert.equal(after?.issued.forecast.prediction, 102, 'what was given stays as it was given');
});

test('levels of a series of differences move by as much as the close they began at', () => {
  const [met] = meetCloses([given(0, 1)], market({ 0: -1, 1: 4 }, 'difference'), 1).met;
  assert.deepEqual([met?.score.naive, met?.score.prediction, met?.score.lower, met?.score.upper], [-1, 1, -4, 6]);
  assert.equal(met?.score.change, 5);
});
