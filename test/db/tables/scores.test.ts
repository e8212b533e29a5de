import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureQuality } from '../../../core/forecast/quality.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../core/model/version.ts';
import type { Client } from '../../../db/connection/client.ts';
import { promote } from '../../../db/tables/champions.ts';
import { saveForecasts } from '../../../db/tables/forecasts.ts';
import { findQuality, listQuality, listScores, saveScores } from '../../../db/tables/scores.ts';
import { withDatabase } from '../../../lab/database.ts';
import { issueForecast, scoreIssued, type MadeUp } from '../../../lab/scores.ts';
import { newPromotion, risingBars, storeModel, storeSeries } from '../../helpers/records.ts';

const FIRST = parseDay('2020-01-01');

interface Stored extends MadeUp {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
}

/** Stores a forecast made `daysIn` days after the first, and its score. */
async function storeScore(db: Client, { symbol, version, ...made }: Stored, daysIn: number): Promise<void> {
  const issued = issueForecast(addDays(FIRST, daysIn), made);
  await saveForecasts(db, symbol, version, [issued]);
  const score = scoreIssued(issued, made.error);
  assert.equal(await saveScores(db, symbol, version, [{ asOf: issued.asOf, score }]), 1);
}

async function storeChampion(db: Client, symbol: SeriesSymbol): Promise<ModelVersion> {
  await storeSeries(db, symbol, risingBars(FIRST, 3));
  const version = await storeModel(db, symbol);
  await promote(db, newPromotion(symbol, version, { promotedOn: FIRST }));
  return version;
}

test('the newest days are given, oldest first, each once and of the horizon asked for, whatever order they were stored in', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const x = { symbol: parseSymbol('X'), version: await storeChampion(db, parseSymbol('X')) };
  const y = { symbol: parseSymbol('Y'), version: await storeChampion(db, parseSymbol('Y')) };
  for (const daysIn of [3, 0, 2, 1]) {
    await storeScore(db, { ...x, error: daysIn }, daysIn);
    await storeScore(db, { ...x, error: daysIn, horizon: 2 }, daysIn);
  }
  await storeScore(db, { ...y, error: 9 }, 1);
  const read = async (selection: Parameters<typeof listScores>[1]): Promise<unknown[]> =>
    (await listScores(connectAs('metrics'), selection)).map(({ symbol, asOf, day, horizon, actual }) => [
      symbol,
      asOf,
      day,
      horizon,
      actual,
    ]);
  const row = (symbol: SeriesSymbol, daysIn: number, error: number, horizon = 1): unknown[] => [
    symbol,
    addDays(FIRST, daysIn),
    addDays(FIRST, daysIn + horizon),
    horizon,
    100 + error,
  ];
  assert.deepEqual(await read({ symbol: parseSymbol('X'), days: 3 }), [
    row(parseSymbol('X'), 1, 1),
    row(parseSymbol('X'), 2, 2),
    row(parseSymbol('X'), 3, 3),
  ]);
  assert.deepEqual(await read({ symbol: parseSymbol('X'), days: 1, horizon: 2 }), [row(parseSymbol('X'), 3, 3, 2)]);
  assert.deepEqual(await read({ days: 2 }), [
    row(parseSymbol('X'), 2, 2),
    row(parseSymbol('X'), 3, 3),
    row(parseSymbol('Y'), 1, 9),
  ]);
  assert.deepEqual(await read({ symbol: parseSymbol('Z'), days: 2 }), []);
});

test('a day that two models forecast is scored for the one that was in service, also after a way back and forth', async (t) => {
  const { db } = await withDatabase(t);
  const a = await storeChampion(db, parseSymbol('X'));
  const b = await storeModel(db, parseSymbol('X'));
  const move = (version: ModelVersion, expected: ModelVersion, daysIn: number): Promise<boolean> =>
    promote(
      db,
      newPromotion(parseSymbol('X'), version, { expected, kind: 'forced', promotedOn: addDays(FIRST, daysIn) }),
    );
  const issue = (version: ModelVersion, daysIn: number): Promise<number> =>
    saveForecasts(db, parseSymbol('X'), version, [issueForecast(addDays(FIRST, daysIn))]);
  const meet = async (version: ModelVersion, daysIn: number): Promise<void> => {
    const issued = issueForecast(addDays(FIRST, daysIn));
    await saveScores(db, parseSymbol('X'), version, [{ asOf: issued.asOf, score: scoreIssued(issued) }]);
  };
  // Day 2 ends with B in service, day 3 with A again: B left before its forecast met its day, and met it when it came back.
  for (const daysIn of [0, 1, 2]) await issue(a, daysIn);
  for (const daysIn of [0, 1]) await meet(a, daysIn);
  await move(b, a, 2);
  await issue(b, 2);
  await meet(b, 2);
  await issue(b, 3);
  await move(a, b, 3);
  await meet(a, 2);
  await issue(a, 3);
  await meet(a, 3);
  await move(b, a, 4);
  await meet(b, 3);
  await issue(b, 4);
  await meet(b, 4);
  const read = (await listScores(db, { symbol: parseSymbol('X'), days: 9 })).map(({ day, version }) => [day, version]);
  assert.deepEqual(
    read,
    [a, a, b, a, b].map((version, daysIn) => [addDays(FIRST, daysIn + 1), version]),
  );
});

test('quality is that of the last 60 scored days one day ahead, of one series or of each', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const metrics = connectAs('metrics');
  const version = await storeChampion(db, parseSymbol('X'));
  assert.equal(await findQuality(metrics, parseSymbol('X')), null);
  assert.deepEqual(await listQuality(metrics), new Map());
  await storeScore(db, { symbol: parseSymbol('X'), version, error: 1000, naiveError: 1000 }, 0); // older than 60 days
  for (let i = 1; i <= 60; i += 1) {
    await storeScore(db, { symbol: parseSymbol('X'), version, error: i <= 15 ? 3 : 1, naiveError: 2 }, i);
  }
  await storeScore(db, { symbol: parseSymbol('X'), version, error: 50, naiveError: 50, horizon: 2 }, 60);
  const quality = await findQuality(metrics, parseSymbol('X'));
  assert.equal(quality?.days, 60);
  assert.ok(Math.abs(quality.mse - (15 * 9 + 45) / 60) < 1e-9);
  assert.equal(quality.coverage, 45 / 60);
  assert.deepEqual(quality, measureQuality(await listScores(db, { symbol: parseSymbol('X'), days: 60 })));
  const other = await storeChampion(db, parseSymbol('Y'));
  await storeScore(db, { symbol: parseSymbol('Y'), version: other, error: 5 }, 3);
  const all = await listQuality(metrics);
  assert.deepEqual([...all.keys()], ['X', 'Y']);
  assert.deepEqual(all.get('X'), quality);
  assert.equal(all.get('Y')?.mae, 5);
});
