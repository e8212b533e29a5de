import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewPrediction } from '../../../db/tables/predictions.ts';
import { createPredictionLog } from '../../../estimator/serving/predictionLog.ts';

const entry = (version: number): NewPrediction => ({
  at: 0,
  symbol: 'CALM',
  version,
  form: 'symbol',
  asOf: null,
  horizon: 1,
  prediction: 1,
  lower: 0,
  upper: 2,
  naive: 1,
  seconds: 0.001,
});

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
  log.add(entry(1));
  await log.close();
  assert.equal(state.dropped, 1);
});
