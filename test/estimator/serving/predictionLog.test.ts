import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TradingDay } from '../../../core/series/day.ts';
import { type ModelVersion, parseVersion } from '../../../core/model/version.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { isRefusedValue } from '../../../db/connection/refusedValue.ts';
import { appendPredictions, type NewPrediction } from '../../../db/tables/predictions.ts';
import { createPredictionLog } from '../../../estimator/serving/predictionLog.ts';
import { withDatabase } from '../../../lab/database.ts';

const entry = (version: number): NewPrediction => ({
  at: 0,
  symbol: parseSymbol('CALM'),
  version: version as ModelVersion, // its place in the log
  form: 'symbol',
  asOf: null,
  horizon: 1,
  prediction: 1,
  lower: 0,
  upper: 2,
  naive: 1,
  seconds: 0.001,
});

const neverRefused = { isRefusal: () => false, onRefused: () => assert.fail('nothing is refused') };

function createTestLog(capacity: number) {
  const state = { away: false, dropped: 0, failures: 0, written: [] as number[] };
  const log = createPredictionLog({
    capacity,
    flushMs: 1e6, // the test flushes
    write: (entries) => {
      if (state.away) return Promise.reject(new Error('away'));
      state.written.push(...entries.map(({ version }) => version));
      return Promise.resolve();
    },
    onDropped: (count) => (state.dropped += count),
    onFailure: () => (state.failures += 1),
    ...neverRefused,
  });
  return { log, state };
}

test('entries are written in order, once', async () => {
  const { log, state } = createTestLog(100_000);
  const versions = Array.from({ length: 12_000 }, (_, i) => i);
  for (const version of versions) log.add(entry(version));
  await Promise.all([log.flush(), log.flush()]);
  await log.close();
  assert.deepEqual(state.written, versions);
});

test('while they cannot be written entries are kept to the bound, and what is given up is counted', async () => {
  const { log, state } = createTestLog(10);
  state.away = true;
  for (let version = 0; version < 13; version += 1) log.add(entry(version));
  await log.flush();
  assert.deepEqual([log.length, state.dropped, state.failures], [10, 3, 1]);
  state.away = false;
  await log.flush();
  assert.deepEqual(state.written, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(log.length, 0);
});

test('what is held when it closes while the database is away counts as given up', async () => {
  const { log, state } = createTestLog(10);
  state.away = true;
  log.add(entry(parseVersion(1)));
  await log.close();
  assert.equal(state.dropped, 1);
});

test('it writes by itself, in batches of a thousand, and goes on with the rest after a failure without losing or doubling a row', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const batches: number[][] = [];
  let failsAt = 1;
  const log = createPredictionLog({
    write: (entries) => {
      if (batches.length === failsAt) return Promise.reject(new Error('away'));
      batches.push(entries.map(({ version }) => version));
      return Promise.resolve();
    },
    onDropped: () => assert.fail('nothing is given up'),
    onFailure: () => (failsAt = -1),
    ...neverRefused,
  });
  const versions = Array.from({ length: 2_500 }, (_, i) => i);
  for (const version of versions) log.add(entry(version));
  t.mock.timers.tick(499);
  assert.equal(log.length, 2_500);
  t.mock.timers.tick(1);
  await log.flush();
  assert.deepEqual([batches.map(({ length }) => length), log.length], [[1_000], 1_500]);
  t.mock.timers.tick(500);
  log.add(entry(parseVersion(2_500))); // while the batches are under way
  await log.flush();
  assert.deepEqual(batches.flat(), [...versions, 2_500]);
  assert.deepEqual(
    batches.map(({ length }) => length),
    [1_000, 1_000, 501],
  );
  log.add(entry(parseVersion(1)));
  await log.close();
  log.add(entry(parseVersion(2)));
  t.mock.timers.tick(10_000);
  assert.equal(log.length, 1, 'a closed log is not written any more');
});

test('fifty thousand entries are kept while the database is away', () => {
  let dropped = 0;
  const log = createPredictionLog({
    write: () => Promise.resolve(),
    onDropped: (count) => (dropped += count),
    onFailure: () => undefined,
    ...neverRefused,
  });
  for (let i = 0; i < 50_002; i += 1) log.add(entry(i));
  assert.deepEqual([log.length, dropped], [50_000, 2]);
});

test('an entry that PostgreSQL refuses is set aside alone; every other one is stored, once and in order', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const estimator = connectAs('estimator');
  const poison = [0, 700, 701, 1_999];
  const refused: number[] = [];
  let away = 3; // the server goes away in the middle of the search for the entry
  const failures: unknown[] = [];
  const log = createPredictionLog({
    flushMs: 1e6,
    write: (entries) => ((away -= 1) === 0 ? Promise.reject(new Error('away')) : appendPredictions(estimator, entries)),
    onDropped: () => assert.fail('nothing is given up'),
    onFailure: (error) => failures.push(error),
    isRefusal: isRefusedValue,
    onRefused: ({ version }, error) => {
      refused.push(version);
      assert.ok(isRefusedValue(error));
    },
  });
  const versions = Array.from({ length: 2_000 }, (_, i) => i);
  for (const version of versions) {
    // Whatever may come past the door: a day that the column cannot hold, a form that the table does not know.
    const odd = version % 2 === 0 ? { asOf: '0000-01-01' as TradingDay } : { form: 'other' as 'csv' };
    log.add({ ...entry(version), ...(poison.includes(version) ? odd : {}) });
  }
  await log.flush();
  assert.equal(failures.length, 1);
  await log.flush();
  assert.equal(log.length, 0);
  assert.deepEqual(refused, poison);
  const stored = await db.query<{ version: ModelVersion }>('SELECT version FROM predictions ORDER BY id');
  assert.deepEqual(
    stored.map(({ version }) => version),
    versions.filter((version) => !poison.includes(version)),
  );
  await log.close();
});
