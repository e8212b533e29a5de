import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDay } from '../../core/series/day.ts';
import type { Client } from '../../db/client.ts';
import { listForecasts, listUnscored, saveForecasts, type NewForecast } from '../../db/forecasts.ts';
import { saveBars } from '../../db/prices.ts';
import { listScores, saveScores, type ForecastScore } from '../../db/scores.ts';
import { withDatabase } from '../helpers/database.ts';
import { bar, storeModel, storeSeries } from '../helpers/records.ts';

const FRIDAY = parseDay('2020-01-03');

const forecast = (version: number, horizon: number): NewForecast => ({
  symbol: 'X',
  version,
  asOf: FRIDAY,
  horizon,
  prediction: 101,
  lower: 99,
  upper: 103,
  level: 0.9,
  naive: 100,
  distribution: { mean: 0.01, spread: 0.02, dof: 5 },
});

async function storeForecasts(db: Client): Promise<number> {
  await storeSeries(db, 'X', [bar('2020-01-02', 99), bar('2020-01-03', 100)]);
  const version = await storeModel(db, 'X');
  assert.equal(
    await saveForecasts(
      db,
      [1, 2, 3].map((horizon) => forecast(version, horizon)),
    ),
    3,
  );
  return version;
}

const scoreOf = (forecastId: string, version: number): ForecastScore => ({
  forecastId,
  symbol: 'X',
  version,
  horizon: 1,
  day: parseDay('2020-01-06'),
  actual: 104,
  squaredError: 9,
  absoluteError: 3,
  absolutePercentageError: null,
  crps: 1.5,
  naiveSquaredError: 16,
  naiveCrps: 2,
  covered: false,
});

test('a forecast is due on the h-th day of the series after it was made, not of the calendar', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  assert.deepEqual(await listUnscored(db, 'X'), []);
  await saveBars(db, 'X', [bar('2020-01-06', 104), bar('2020-01-08', 105)]);
  const due = await listUnscored(db, 'X');
  assert.deepEqual(
    due.map(({ horizon, day, actual }) => [horizon, day, actual]),
    [
      [1, '2020-01-06', 104],
      [2, '2020-01-08', 105],
    ],
  );
  const { id, madeAt, day, actual, ...rest } = due[0]!;
  assert.deepEqual(rest, forecast(version, 1));
  assert.deepEqual([typeof id, typeof madeAt, day, actual], ['string', 'string', '2020-01-06', 104]);

  assert.equal(await saveScores(db, [scoreOf(id, version)]), 1);
  assert.equal(await saveScores(db, [{ ...scoreOf(id, version), crps: 9 }]), 0);
  assert.deepEqual(
    (await listUnscored(db, 'X')).map(({ horizon }) => horizon),
    [2],
  );
  assert.deepEqual(await listScores(db, 'X', { horizon: 1, limit: 5 }), [scoreOf(id, version)]);
  assert.deepEqual(await listScores(db, 'X', { horizon: 1, limit: 5, version: version + 1 }), []);
});

test('a forecast made once stays as it was made', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  assert.equal(await saveForecasts(db, [{ ...forecast(version, 1), prediction: 7 }, forecast(version, 4)]), 1);
  const stored = await listForecasts(db, { symbol: 'X', version, asOf: FRIDAY });
  assert.deepEqual(
    stored.map(({ horizon, prediction }) => [horizon, prediction]),
    [
      [1, 101],
      [2, 101],
      [3, 101],
      [4, 101],
    ],
  );
});
