import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDay } from '../../../core/series/day.ts';
import { appendPredictions, scorePredictions, type NewPrediction } from '../../../db/tables/predictions.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, storeSeries } from '../../helpers/records.ts';

const answer = (given: Partial<NewPrediction>): NewPrediction => ({
  at: 1_577_836_800_123,
  symbol: 'X',
  version: 1,
  form: 'symbol',
  asOf: parseDay('2020-01-03'),
  horizon: 1,
  prediction: 101,
  lower: 99,
  upper: 103,
  naive: 100,
  seconds: 0.001,
  ...given,
});

test('answers are logged as the estimator and scored when their day comes', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, 'X', [bar('2020-01-03', 100)]);
  await appendPredictions(connectAs('estimator'), [
    answer({}),
    answer({ horizon: 2, seconds: null }),
    answer({ form: 'window', asOf: null }),
    answer({ symbol: 'Y' }),
  ]);
  assert.equal(await scorePredictions(db, 'X'), 0);
  await saveBars(db, 'X', [bar('2020-01-06', 104)]);
  assert.equal(await scorePredictions(db, 'X'), 1);
  assert.equal(await scorePredictions(db, 'X'), 0);
  await saveBars(db, 'X', [bar('2020-01-07', 106)]);
  assert.equal(await scorePredictions(db, 'X'), 1);
  assert.deepEqual(
    await db.query('SELECT at, symbol, form, horizon, day, actual FROM predictions ORDER BY id'),
    (
      [
        ['X', 'symbol', 1, '2020-01-06', 104],
        ['X', 'symbol', 2, '2020-01-07', 106],
        ['X', 'window', 1, null, null],
        ['Y', 'symbol', 1, null, null],
      ] as const
    ).map(([symbol, form, horizon, day, actual]) => ({
      at: '2020-01-01T00:00:00.123Z',
      symbol,
      form,
      horizon,
      day,
      actual,
    })),
  );
});
