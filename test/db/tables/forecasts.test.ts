import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IssuedForecast } from '../../../core/forecast/issued.ts';
import { scoreForecast } from '../../../core/forecast/score.ts';
import { type ModelVersion, parseVersion } from '../../../core/model/version.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
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

async function storeForecasts(db: Client): Promise<ModelVersion> {
  await storeSeries(db, parseSymbol('X'), [bar('2020-01-02', 99), bar('2020-01-03', 100)]);
  const version = await storeModel(db, parseSymbol('X'));
  await promote(db, newPromotion(parseSymbol('X'), version, { promotedOn: FRIDAY }));
  assert.equal(
    await saveForecasts(
      db,
      parseSymbol('X'),
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
  assert.equal(await findLastForecastDay(db, parseSymbol('X'), parseVersion(1)), undefined);
  const version = await storeForecasts(db);
  assert.equal(await findLastForecastDay(db, parseSymbol('X'), version), FRIDAY);
  assert.deepEqual(await listPendingForecasts(db, parseSymbol('X'), version), [issued(1), issued(2), issued(3)]);
  assert.deepEqual(await listPendingForecasts(db, parseSymbol('X'), parseVersion(version + 1)), []);

  assert.equal(await saveScores(db, parseSymbol('X'), version, [{ asOf: FRIDAY, score }]), 1);
  assert.deepEqual(await listPendingForecasts(db, parseSymbol('X'), version), [issued(2), issued(3)]);
});

test('a forecast is scored once; a score without its forecast is not stored', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  assert.equal(await saveScores(db, parseSymbol('X'), version, [{ asOf: FRIDAY, score }]), 1);
  assert.equal(await saveScores(db, parseSymbol('X'), version, [{ asOf: FRIDAY, score: { ...score, crps: 9 } }]), 0);
  assert.equal(await saveScores(db, parseSymbol('X'), version, [{ asOf: addDays(FRIDAY, -1), score }]), 0);
  // Every figure of the score comes back as it was, to the bit.
  assert.deepEqual(await listScores(db, { symbol: parseSymbol('X'), days: 5 }), [
    { ...score, symbol: 'X', version, asOf: FRIDAY },
  ]);
  assert.deepEqual(await listScores(db, { symbol: parseSymbol('X'), days: 5, horizon: 2 }), []);
});

test('a forecast made once stays as it was made', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  assert.equal(await saveForecasts(db, parseSymbol('X'), version, [issued(1, 7), issued(4)]), 1);
  const stored = await listPendingForecasts(db, parseSymbol('X'), version);
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

test('each score meets the forecast of its own version, day and distance', async (t) => {
  const { db } = await withDatabase(t);
  const version = await storeForecasts(db);
  const next = await storeModel(db, parseSymbol('X'));
  await saveForecasts(db, parseSymbol('X'), version, [{ ...issued(1), asOf: MONDAY }]);
  await saveForecasts(db, parseSymbol('X'), next, [issued(2, 8), issued(1, 7)]);
  const last = [
    await findLastForecastDay(db, parseSymbol('X'), version),
    await findLastForecastDay(db, parseSymbol('X'), next),
  ];
  assert.deepEqual(last, [MONDAY, FRIDAY]);
  const tuesday = parseDay('2020-01-07');
  const scores = [
    { asOf: FRIDAY, score: { ...score, absolutePercentageError: null, covered: true } },
    { asOf: FRIDAY, score: { ...score, horizon: 2, day: tuesday, crps: 7 } },
    { asOf: MONDAY, score: { ...score, day: tuesday, crps: 8 } },
  ];
  assert.equal(await saveScores(db, parseSymbol('X'), version, scores), 3);
  await promote(db, newPromotion(parseSymbol('X'), version, { promotedOn: FRIDAY }));
  const row = ({ asOf, score: figures }: (typeof scores)[number]): unknown => ({
    ...figures,
    symbol: 'X',
    version,
    asOf,
  });
  assert.deepEqual(await listScores(db, { symbol: parseSymbol('X'), days: 5 }), [row(scores[0]!), row(scores[2]!)]);
  assert.deepEqual(await listScores(db, { symbol: parseSymbol('X'), days: 5, horizon: 2 }), [row(scores[1]!)]);
  const pending = async (of: ModelVersion): Promise<unknown[][]> =>
    (await listPendingForecasts(db, parseSymbol('X'), of)).map(({ asOf, forecast }) => [
      asOf,
      forecast.horizon,
      forecast.prediction,
    ]);
  assert.deepEqual(await pending(version), [[FRIDAY, 3, 101]]);
  assert.deepEqual(await pending(next), [
    [FRIDAY, 1, 7],
    [FRIDAY, 2, 8],
  ]);
  await saveForecasts(db, parseSymbol('X'), next, [
    { ...issued(1, 9), asOf: MONDAY },
    { ...issued(1, 6), asOf: addDays(FRIDAY, -1) },
  ]);
  assert.deepEqual(
    (await pending(next)).map(([, , prediction]) => prediction),
    [6, 7, 8, 9],
    'the oldest first, the nearest day first',
  );
});
