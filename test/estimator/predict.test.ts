import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import type { BatchPrediction, Prediction, RangePrediction } from '../../estimator/schemas/answer.ts';
import { scoresTo } from '../../lab/scores.ts';
import { ask, type Refusal } from './helpers/ask.ts';
import { createTestApp } from './helpers/testApp.ts';

/** The example of a seed system, as its README prints it. */
const SEED_WINDOW = [
  120.5, 121.0, 119.8, 122.3, 123.1, 124.0, 125.2, 126.5, 127.0, 128.3, 129.1, 130.0, 131.2, 132.5, 133.0, 134.3, 135.1,
  136.0, 137.2, 138.5, 139.0, 140.3, 141.1, 142.0, 143.2, 144.5, 145.0, 146.3, 147.1, 148.0, 149.2, 150.5, 151.0, 152.3,
  153.1, 154.0, 155.2, 156.5, 157.0, 158.3, 159.1, 160.0, 161.2, 162.5, 163.0, 164.3, 165.1, 166.0, 167.2, 168.5, 169.0,
  170.3, 171.1, 172.0, 173.2, 174.5, 175.0, 176.3, 177.1, 178.0,
];

test('a window gives everything the contract names, and the next value as a list of one', async (t) => {
  const target = await createTestApp(t);
  const answer = await ask<Prediction>(target, { data: SEED_WINDOW });
  assert.ok(answer.lower < answer.prediction && answer.prediction < answer.upper);
  assert.equal(answer.naive, 178);
  assert.equal(answer.level, 0.9);
  assert.deepEqual(answer.model, { symbol: 'CALM', version: 1, trainedTo: target.series.days[299] });
  assert.equal(answer.asOf, null);
  assert.equal(answer.skill, null);
  const { prediction, lower, upper } = answer;
  assert.deepEqual(answer.forecast, [{ day: null, prediction, lower, upper }]);
});

test('only the last 60 values count, and the scale of the prices does not', async (t) => {
  const target = await createTestApp(t);
  const short = await ask<Prediction>(target, { data: SEED_WINDOW });
  const long = await ask<Prediction>(target, { data: [5, 5000, ...SEED_WINDOW] });
  assert.equal(long.prediction, short.prediction);
  const cents = await ask<Prediction>(target, { data: SEED_WINDOW.map((value) => value * 100) });
  assert.ok(Math.abs(cents.prediction / short.prediction - 100) < 1e-4);
});

test('a GET with a body is answered as the POST is, also as curl -d sends it by itself', async (t) => {
  const { app } = await createTestApp(t);
  const payload = JSON.stringify({ data: SEED_WINDOW });
  const answers = await Promise.all(
    (['GET', 'POST'] as const).flatMap((method) =>
      ['application/json', 'application/x-www-form-urlencoded', 'text/plain;charset=UTF-8'].map((type) =>
        app.inject({ method, url: '/predict', headers: { 'content-type': type }, payload }),
      ),
    ),
  );
  assert.deepEqual([...new Set(answers.map((answer) => answer.statusCode))], [200]);
  assert.equal(new Set(answers.map((answer) => answer.body)).size, 1);
});

test('too few values are refused in the words callers of the seed systems know', async (t) => {
  const target = await createTestApp(t);
  for (const data of [[], [10.5, 11.2, 12.0], SEED_WINDOW.slice(1)]) {
    assert.deepEqual(await ask<Refusal>(target, { data }, 400), {
      error: `Input data must have at least 60 values; ${data.length === 0 ? 'there are none' : `these are ${data.length}`}.`,
      code: 'TOO_FEW_VALUES',
    });
  }
});

test('no fields at all ask for the next day of the default symbol', async (t) => {
  const target = await createTestApp(t);
  const answer = await ask<Prediction>(target, {});
  const { days, closes } = target.series;
  assert.equal(answer.asOf, days.at(-1));
  assert.equal(answer.naive, closes.at(-1));
  assert.equal(answer.day, '2001-02-04'); // the series trades every day; its 400th is 2001-02-03
  assert.deepEqual(await ask(target, ''), answer);
  assert.deepEqual(await ask(target, { symbol: 'CALM', horizon: 1 }), answer);
  const other = await ask<Prediction>(target, { symbol: 'OTHER' });
  assert.equal(other.model.version, 2);
  assert.notEqual(other.prediction, answer.prediction);
});

test('a horizon gives every day up to it, each with its day and a band that widens', async (t) => {
  const target = await createTestApp(t);
  const { prediction, forecast = [] } = await ask<Prediction>(target, { horizon: 12 });
  assert.equal(forecast.length, 12);
  assert.equal(forecast[0]?.prediction, prediction);
  assert.deepEqual([forecast[0].day, forecast[11]?.day], ['2001-02-04', '2001-02-15']);
  const widths = forecast.map(({ lower, upper }) => upper - lower);
  assert.ok(widths[11]! > widths[0]!);
  const window = await ask<Prediction>(target, { data: SEED_WINDOW, horizon: 3 });
  assert.deepEqual(
    window.forecast?.map(({ day }) => day),
    [null, null, null],
  );
});

test('a past date is forecast from the data before it, with the close that came', async (t) => {
  const target = await createTestApp(t);
  const { days, closes } = target.series;
  const answer = await ask<Prediction>(target, { date: days[350] });
  assert.equal(answer.asOf, days[349]);
  assert.equal(answer.day, days[350]);
  assert.equal(answer.actual, closes[350]);
  const window = await ask<Prediction>(target, { data: [...closes.slice(290, 350)] });
  assert.equal(answer.prediction, window.prediction);
});

test('a date ahead of the data is forecast as many days ahead as it lies', async (t) => {
  const target = await createTestApp(t);
  const { forecast = [] } = await ask<Prediction>(target, { horizon: 7 });
  const answer = await ask<Prediction>(target, { date: '2001-02-10' });
  assert.equal(answer.prediction, forecast[6]?.prediction);
  assert.equal(answer.actual, null);
  const refused = await ask<Refusal>(target, { date: '2025-07-20' }, 404);
  assert.equal(refused.code, 'NO_SUCH_DAYS');
  assert.match(refused.error, /2025-07-20 is more than 60 trading days after 2001-02-03/);
  const early = await ask<Refusal>(target, { date: '2000-01-30' }, 404);
  assert.equal(early.code, 'NO_SUCH_DAYS');
});

test('a range is forecast day by day and one day further, as if each day had been asked for', async (t) => {
  const target = await createTestApp(t);
  const { days } = target.series;
  const range = { start_date: days[300], end_date: days[399] };
  const answer = await ask<RangePrediction>(target, range);
  assert.equal(answer.predictions.length, 101);
  assert.deepEqual(
    answer.predictions.map(({ date }) => date),
    [...days.slice(300), '2001-02-04'],
  );
  assert.equal(answer.predictions.at(-1)?.actual, null);
  const single = await ask<Prediction>(target, { date: days[321] });
  const { prediction, lower, upper, actual } = answer.predictions[21]!;
  assert.deepEqual(
    { prediction, lower, upper, actual },
    {
      prediction: single.prediction,
      lower: single.lower,
      upper: single.upper,
      actual: single.actual,
    },
  );
});

test('seq_length keeps the first days of a range back as the first window, as the seed system does', async (t) => {
  const target = await createTestApp(t);
  const { days } = target.series;
  const range = { start_date: days[100], end_date: days[218], seq_length: 20, horizon: 1 };
  const { predictions } = await ask<RangePrediction>(target, range);
  assert.equal(predictions.length, 119 - 20 + 1);
  assert.equal(predictions[0]?.date, days[120]);
  assert.equal(predictions.at(-1)?.date, days[219]);
  const refused = await ask<Refusal>(target, { ...range, seq_length: 500 }, 404);
  assert.equal(refused.code, 'NO_SUCH_DAYS');
});

test('a range several days ahead forecasts each day from so many days before it', async (t) => {
  const target = await createTestApp(t);
  const { days } = target.series;
  const { predictions } = await ask<RangePrediction>(target, {
    start_date: days[350],
    end_date: days[360],
    horizon: 5,
  });
  const { forecast = [] } = await ask<Prediction>(target, {
    data: [...target.series.closes.slice(286, 346)],
    horizon: 5,
  });
  assert.equal(predictions[0]?.prediction, forecast[4]?.prediction);
});

test('days of a range without a full window before them are left out, and a range of such days is refused', async (t) => {
  const target = await createTestApp(t);
  const { days } = target.series;
  const { predictions } = await ask<RangePrediction>(target, { start_date: days[0], end_date: days[70] });
  assert.equal(predictions[0]?.date, days[60]);
  const refused = await ask<Refusal>(target, { start_date: days[0], end_date: days[30] }, 404);
  assert.match(refused.error, /first that has is 2000-03-01/);
  const outside = await ask<Refusal>(target, { start_date: '2024-06-01', end_date: '2024-11-15' }, 404);
  assert.match(outside.error, /its days run from 2000-01-01 to 2001-02-03/);
});

test('a batch is one forecast a window, under either name', async (t) => {
  const target = await createTestApp(t);
  const other = SEED_WINDOW.map((value) => 400 - value);
  const { predictions, model } = await ask<BatchPrediction>(target, { data: [SEED_WINDOW, other] });
  const singles = [
    await ask<Prediction>(target, { data: SEED_WINDOW }),
    await ask<Prediction>(target, { data: other }),
  ];
  assert.deepEqual(
    predictions.map(({ prediction, lower, upper, naive }) => ({ prediction, lower, upper, naive })),
    singles.map(({ prediction, lower, upper, naive }) => ({ prediction, lower, upper, naive })),
  );
  assert.equal(model.version, 1);
  assert.deepEqual(
    (await ask<BatchPrediction>(target, { windows: [SEED_WINDOW] })).predictions,
    predictions.slice(0, 1),
  );
  const refused = await ask<Refusal>(target, { data: [SEED_WINDOW, [1, 2]] }, 400);
  assert.equal(refused.error, 'Window 2: Input data must have at least 60 values; these are 2.');
});

test('the query string of a GET serves as the body', async (t) => {
  const target = await createTestApp(t);
  const byBody = await ask(target, { date: '2001-01-05', symbol: 'OTHER' });
  const byQuery = await target.app.inject('/predict?date=2001-01-05&symbol=OTHER');
  assert.deepEqual(byQuery.json(), byBody);
  const horizon = await target.app.inject('/predict?horizon=3');
  assert.equal(horizon.json<Prediction>().forecast?.length, 3);
  assert.equal((await target.app.inject('/predict?horizon=x')).statusCode, 400);
});

test('a model that is worse than naive says so of its own series, and nothing of values of another', async (t) => {
  const target = await createTestApp(t);
  target.store.scores.set('CALM', scoresTo(target.series.days.at(-1)!, 90, { error: 2, naiveError: -1 }));
  await target.serving.refresh(parseSymbol('CALM'));
  for (const body of [{}, { date: '2001-01-05' }, { start_date: '2001-01-05', end_date: '2001-01-06' }]) {
    const answer = await ask<Prediction>(target, body);
    assert.deepEqual([answer.skill, answer.coverage, answer.betterThanNaive], [-3, 0, false]);
    assert.match(answer.warning ?? '', /last 60 scored days this model was worse/);
  }
  for (const body of [{ data: SEED_WINDOW }, { data: [SEED_WINDOW] }, { data: SEED_WINDOW, symbol: 'CALM' }]) {
    const answer = await ask<Prediction>(target, body);
    assert.deepEqual([answer.skill, answer.coverage, answer.betterThanNaive], [null, null, null]);
    assert.equal('warning' in answer, false);
  }
});

test('an unknown symbol is answered with the known ones', async (t) => {
  const target = await createTestApp(t);
  assert.deepEqual(await ask(target, { symbol: 'NOPE' }, 404), {
    error: '"NOPE" is not known here; known symbols: CALM, OTHER.',
    code: 'UNKNOWN_SYMBOL',
  });
});

test('before the first promotion there is nothing to answer with', async (t) => {
  const target = await createTestApp(t, { loaded: false });
  assert.equal((await ask<Refusal>(target, { data: SEED_WINDOW }, 409)).code, 'NO_CHAMPION');
  assert.equal((await target.app.inject('/ready')).statusCode, 503);
  assert.equal((await target.app.inject('/health')).statusCode, 200);
});
