import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVersion } from '../../../core/model/version.ts';
import { parseDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { appendPredictions, scorePredictions, type NewPrediction } from '../../../db/tables/predictions.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, storeSeries } from '../../helpers/records.ts';

const answer = (given: Partial<NewPrediction>): NewPrediction => ({
  at: 1_577_836_800_123,
  symbol: parseSymbol('X'),
  version: parseVersion(1),
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
  await storeSeries(db, parseSymbol('X'), [bar('2020-01-03', 100)]);
  await appendPredictions(connectAs('estimator'), [
    answer({}),
    answer({ horizon: 2, seconds: null }),
    answer({ form: 'window', asOf: null }),
    answer({ symbol: parseSymbol('Y') }),
  ]);
  assert.equal(await scorePredictions(db, parseSymbol('X')), 0);
  await saveBars(db, parseSymbol('X'), [bar('2020-01-06', 104)]);
  assert.equal(await scorePredictions(db, parseSymbol('X')), 1);
  assert.equal(await scorePredictions(db, parseSymbol('X')), 0);
  await saveBars(db, parseSymbol('X'), [bar('2020-01-07', 106)]);
  assert.equal(await scorePredictions(db, parseSymbol('X')), 1);
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

test('an answer meets the close of its own series, so many trading days on, as it stood when its day came', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const friday = parseDay('2020-01-03');
  await storeSeries(db, parseSymbol('X'), [bar('2020-01-03', 100), bar('2020-01-06', 106), bar('2020-01-07', 107)]);
  // Y trades through the weekend.
  await storeSeries(db, parseSymbol('Y'), [bar('2020-01-03', 1), bar('2020-01-04', 2), bar('2020-01-05', 3)]);
  const log = connectAs('estimator');
  await appendPredictions(log, [
    answer({ symbol: parseSymbol('X'), asOf: friday, horizon: 2 }),
    answer({ symbol: parseSymbol('X'), asOf: parseDay('2020-01-06'), horizon: 1 }),
    answer({ symbol: parseSymbol('Y'), asOf: friday, horizon: 2 }),
  ]);
  const known = (): Promise<unknown[]> =>
    db.query(`SELECT symbol, as_of AS "asOf", horizon, day, actual FROM predictions ORDER BY id`);
  assert.equal(await scorePredictions(db, parseSymbol('X')), 2);
  const [first, second] = [
    { symbol: 'X', asOf: friday, horizon: 2, day: '2020-01-07', actual: 107 },
    { symbol: 'X', asOf: '2020-01-06', horizon: 1, day: '2020-01-07', actual: 107 },
  ];
  assert.deepEqual(await known(), [first, second, { symbol: 'Y', asOf: friday, horizon: 2, day: null, actual: null }]);
  assert.equal(await scorePredictions(db, parseSymbol('Y')), 1);
  const third = { symbol: 'Y', asOf: friday, horizon: 2, day: '2020-01-05', actual: 3 };
  // A later correction is met by later questions only.
  await saveBars(db, parseSymbol('X'), [bar('2020-01-07', 99)]);
  await appendPredictions(log, [answer({ symbol: parseSymbol('X'), asOf: friday, horizon: 2 })]);
  assert.equal(await scorePredictions(db, parseSymbol('X')), 1);
  assert.deepEqual(await known(), [first, second, third, { ...first, actual: 99 }]);
});

test('an answer is logged with everything that was answered', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const log = connectAs('estimator');
  await appendPredictions(log, []);
  const given = answer({ version: parseVersion(7), form: 'range', horizon: 3, seconds: 0.25 });
  await appendPredictions(log, [given]);
  const [row, ...others] = await db.query(
    `SELECT at, symbol, version, form, as_of AS "asOf", horizon, prediction, lower, upper, naive, seconds FROM predictions`,
  );
  assert.deepEqual([row, others], [{ ...given, at: '2020-01-01T00:00:00.123Z' }, []]);
});
