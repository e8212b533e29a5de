import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IssuedForecast } from '../../../core/forecast/advance.ts';
import { scoreForecast } from '../../../core/forecast/score.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import type { Client } from '../../../db/connection/client.ts';
import { promote } from '../../../db/tables/champions.ts';
import { findLastForecastDay, listPendingForecasts, saveForecasts } from '../../../db/tables/forecasts.ts';
import { listScores, saveScores } from '../../../db/tables/scores.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';

const FRIDAY = parseDay('2020-01-03');
const MONDAY = parseDay('2020-01-06');

const issued = (horizon: number, prediction = 101): IssuedForecast => ({
  asOf: FRIDAY,
  forecast: {
    horizon,
    prediction,
    lower: 99,
    upper: 103,
    level: 0.9,
    naive: 100,
    distribution: { mean: 0.01, spread: 0.02, dof: 5 },
  },
  naiveDistribution: { mean: 0, spread: 0.015, dof: Infinity },
});

async function storeForecasts(db: Client): Promise<number> {
  await storeSeries(db, 'X', [bar('2020-01-02', 99), bar('2020-01-03', 100)]);
  const version = await storeModel(db, 'X');
  assert.equal(
    await saveForecasts(
      db,
      'X',
      version,
      [1, 2, 3].map((horizon) => issued(horizon)),
    ),
    3,
  );
  return version;
}

const met = { ...issued(1), day: MONDAY, actual: 104, transform: 'log-return' } as const;
const score = scoreForecast(met);

test('a forecast waits until it is scored, and comes back exactly as it was given', async (t) => {
  const { db } = await withDatabase(t);
  assert.equal(await findLastForecastDay(db, 'X', 1), undefined);
  const version = await storeForecasts(db);
  assert.equal(await findLastForecastDay(db, 'X', version), FRIDAY);
  assert.deepEqual(await listPendingForecasts(db, 'X', version), [issued(1), issued(2), issued(3)]);
  assert.deepEqual(await listPendingForecasts(db, 'X', version + 1), []);

  assert.equal(await saveScores(db, 'X', version, [{ asOf: FRIDAY, score }]), 1);
  assert.deepEqual(await listPendingForecasts(db, 'X', version), [issued(2), issued(3)]);
});

test('a forecast is scored once; a score without its forecast is not stored', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  assert.equal(await saveScores(db, 'X', version, [{ asOf: FRIDAY, score }]), 1);
  assert.equal(await saveScores(db, 'X', version, [{ asOf: FRIDAY, score: { ...score, crps: 9 } }]), 0);
  assert.equal(await saveScores(db, 'X', version, [{ asOf: addDays(FRIDAY, -1), score }]), 0);
  await promote(db, newPromotion('X', version, { promotedOn: FRIDAY }));
  // Every figure of the score comes back as it was, to the bit.
  assert.deepEqual(await listScores(db, { symbol: 'X', days: 5 }), [{ ...score, symbol: 'X', version, asOf: FRIDAY }]);
  assert.deepEqual(await listScores(db, { symbol: 'X', days: 5, horizon: 2 }), []);
});

test('a forecast made once stays as it was made', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  assert.equal(await saveForecasts(db, 'X', version, [issued(1, 7), issued(4)]), 1);
  const stored = await listPendingForecasts(db, 'X', version);
  assert.deepEqual(
    stored.map(({ forecast: { horizon, prediction } }) => [horizon, prediction]),
    [
      [1, 101],
      [2, 101],
      [3, 101],
      [4, 101],
    ],
  );
});

test('a score is stored with every figure, and listed the newest first at its own horizon', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  const whole: DayScore = { ...score, absolutePercentageError: 0.25, covered: true };
  const tuesday = parseDay('2020-01-07');
  await saveForecasts(db, 'X', version, [{ ...issued(1), asOf: MONDAY }]);
  const saved = await saveScores(db, 'X', version, [
    { asOf: FRIDAY, score: whole },
    { asOf: FRIDAY, score: { ...whole, horizon: 2, day: tuesday, crps: 7 } },
    { asOf: MONDAY, score: { ...whole, day: tuesday, crps: 8 } },
  ]);
  assert.equal(saved, 3);
  const listed = await listScores(db, 'X', { horizon: 1, limit: 5 });
  assert.deepEqual(
    listed.map(({ day, crps }) => [day, crps]),
    [
      [tuesday, 8],
      [MONDAY, 1.5],
    ],
  );
  const { actual, squaredError, absoluteError, absolutePercentageError, crps, naiveSquaredError, naiveCrps, covered } =
    whole;
  const figures = {
    actual,
    squaredError,
    absoluteError,
    absolutePercentageError,
    crps,
    naiveSquaredError,
    naiveCrps,
    covered,
  };
  const [forecast] = await listForecasts(db, { symbol: 'X', version, asOf: FRIDAY });
  assert.deepEqual(listed[1], { forecastId: forecast?.id, symbol: 'X', version, horizon: 1, day: MONDAY, ...figures });
  assert.deepEqual(
    (await listScores(db, 'X', { horizon: 1, limit: 1 })).map(({ day }) => day),
    [tuesday],
  );
  assert.deepEqual(await listPendingForecasts(db, 'X', version), [issued(3)]);

  // Two champions forecast one day: the later forecast comes first, and either is found by its version.
  const next = await storeModel(db, 'X');
  await saveForecasts(db, 'X', next, [{ ...issued(1), asOf: MONDAY }]);
  await saveScores(db, 'X', next, [{ asOf: MONDAY, score: { ...whole, day: tuesday, crps: 9 } }]);
  const crpsOf = async (of?: number): Promise<number[]> =>
    (await listScores(db, 'X', { horizon: 1, limit: 5, ...(of === undefined ? {} : { version: of }) })).map(
      (each) => each.crps,
    );
  assert.deepEqual(await crpsOf(), [9, 8, 1.5]);
  assert.deepEqual(await crpsOf(version), [8, 1.5]);
  assert.deepEqual(await crpsOf(next), [9]);
  assert.deepEqual(await listScores(db, 'Y', { horizon: 1, limit: 5 }), []);
});

test('the forecasts of a day are those of one version and that day, whole, the nearest first', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  const next = await storeModel(db, 'X');
  await saveForecasts(db, 'X', next, [issued(2, 8), issued(1, 7)]);
  await saveForecasts(db, 'X', version, [{ ...issued(1, 9), asOf: MONDAY }]);
  const listed = await listForecasts(db, { symbol: 'X', version: next, asOf: FRIDAY });
  assert.deepEqual(
    listed.map(({ horizon, prediction }) => [horizon, prediction]),
    [
      [1, 7],
      [2, 8],
    ],
  );
  const { id, madeAt, ...first } = listed[0]!;
  assert.ok(id !== '' && madeAt.endsWith('Z'));
  const { forecast, naiveDistribution } = issued(1, 7);
  const naiveSpread = naiveDistribution.spread;
  assert.deepEqual(first, { symbol: 'X', version: next, asOf: FRIDAY, naiveSpread, ...forecast });
  assert.deepEqual(
    [await findLastForecastDay(db, 'X', version), await findLastForecastDay(db, 'X', next)],
    [MONDAY, FRIDAY],
  );
  assert.deepEqual(
    (await listPendingForecasts(db, 'X', version)).map(({ asOf, forecast: { horizon } }) => [asOf, horizon]),
    [
      [FRIDAY, 1],
      [FRIDAY, 2],
      [FRIDAY, 3],
      [MONDAY, 1],
    ],
  );
});
