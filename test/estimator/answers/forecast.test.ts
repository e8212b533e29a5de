import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeForecast, type DayForecast } from '../../../core/forecast/forecast.ts';
import { answerBatch } from '../../../estimator/answers/batch.ts';
import { finite, forecastWindow } from '../../../estimator/answers/forecast.ts';
import { qualityFields } from '../../../estimator/answers/quality.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { answerWindow } from '../../../estimator/answers/window.ts';
import { addDays } from '../../../core/series/day.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { SMALL_SPEC } from '../../../lab/servedModel.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const served = serveSeries(TEST_SERIES);

/** The next days after some closes by the core alone, with the live bands. */
function forecastsAfter(window: Float64Array, horizon: number): DayForecast[] {
  const { predictor, calibration } = served.model;
  return makeForecast({ predictor, calibration, band: served.band, closes: window, horizon });
}

test('a window of exactly the length the model reads is enough, one less is refused with that length', () => {
  assert.equal(forecastWindow(served, { closes: closes.subarray(0, 60) }, 2).length, 2);
  assert.throws(() => forecastWindow(served, { closes: closes.subarray(0, 59) }, 1), {
    code: 'TOO_FEW_VALUES',
    message: 'Input data must have at least 60 values; these are 59.',
  });
  const shorter = serveSeries(TEST_SERIES, { spec: { ...SMALL_SPEC, window: 40 } });
  assert.equal(forecastWindow(shorter, { closes: closes.subarray(0, 40) }, 1).length, 1);
  assert.throws(() => forecastWindow(shorter, { closes: closes.subarray(0, 39) }, 1), {
    message: /at least 40 values/,
  });
});

test('a forecast that overflowed at either end, on any day, is refused', () => {
  const [good] = forecastsAfter(closes, 1);
  for (const bad of [{ lower: -Infinity }, { upper: Infinity }, { lower: Number.NaN }]) {
    assert.throws(() => finite([good!, { ...good!, ...bad }]), {
      code: 'INVALID_PRICE',
      message: 'The values move too wildly for a forecast; check their units.',
    });
  }
  assert.throws(() => finite([]), { code: 'INVALID_PRICE' });
  assert.deepEqual(finite([good!]), [good]);
});

test('every form gives the numbers of the core with the live bands: the first day on top, each day in the list', async () => {
  const window = closes.subarray(200, 260);
  for (const horizon of [1, 2, 7]) {
    const expected = forecastsAfter(window, horizon);
    const { prediction, lower, upper, naive } = expected[0]!;
    const top = { prediction, lower, upper, naive };
    const list = (dayOf: (i: number) => string | null) =>
      expected.map((each, i) => ({
        day: dayOf(i),
        prediction: each.prediction,
        lower: each.lower,
        upper: each.upper,
      }));
    const numbersOf = (answer: typeof top & { forecast?: unknown }) => ({
      prediction: answer.prediction,
      lower: answer.lower,
      upper: answer.upper,
      naive: answer.naive,
      forecast: answer.forecast,
    });
    const bare = answerWindow(served, { closes: window, horizon, asOf: days[259]! });
    assert.deepEqual(numbersOf(bare), { ...top, forecast: list(() => null) });
    assert.deepEqual([bare.asOf, 'day' in bare, bare.forecast.length], [days[259], false, horizon]);
    const dated = answerSymbol(serveSeries(sliceSeries(TEST_SERIES, 0, 260)), horizon).answer;
    assert.deepEqual(numbersOf(dated), { ...top, forecast: list((i) => days[260 + i]!) });
    assert.equal(dated.day, days[260]);
    // Each window of a batch its own, in order.
    const batch = await answerBatch(served, [closes, window], horizon);
    assert.deepEqual(batch.predictions.map(numbersOf), [
      numbersOf(answerWindow(served, { closes, horizon, asOf: null })),
      { ...top, forecast: list(() => null) },
    ]);
    assert.equal(batch.asOf, null);
  }
});

test('the next days of a symbol follow its last close, are made once for each horizon, and read as they are sent', () => {
  const fresh = serveSeries(TEST_SERIES);
  for (const horizon of [2, 1, 5]) {
    const { answer, body } = answerSymbol(fresh, horizon);
    const window = answerWindow(fresh, {
      closes: closes.subarray(340),
      horizon,
      asOf: days[399]!,
    });
    assert.deepEqual(answer, {
      ...window,
      ...qualityFields(fresh),
      day: addDays(days[399]!, 1),
      forecast: window.forecast.map((each, i) => ({ ...each, day: addDays(days[399]!, i + 1) })),
    });
    assert.equal(body, JSON.stringify(answer));
    assert.equal(answerSymbol(fresh, horizon).answer, answer);
  }
});

test('a window of a batch that cannot be forecast is named, counted from 1, with the code of its fault', async () => {
  const short = closes.subarray(0, 10);
  await assert.rejects(answerBatch(served, [closes, short], 1), {
    code: 'TOO_FEW_VALUES',
    message: 'Window 2: Input data must have at least 60 values; these are 10.',
  });
  const negative = closes.map((close) => -close);
  await assert.rejects(answerBatch(served, [negative], 1), { code: 'INVALID_PRICE', message: /^Window 1: / });
  const failure = new TypeError('a fault of the program');
  const broken = {
    ...served,
    model: {
      ...served.model,
      predictor: {
        ...served.model.predictor,
        predict: () => {
          throw failure;
        },
      },
    },
  };
  await assert.rejects(answerBatch(broken, [closes], 1), (error) => error === failure);
});

test('a batch ends early when its caller has gone', async () => {
  let asked = 0;
  const { predictions } = await answerBatch(
    served,
    Array.from({ length: 20 }, () => closes),
    1,
    () => (asked += 1) > 3,
  );
  assert.equal(predictions.length, 3);
});
