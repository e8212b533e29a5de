import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import pino from 'pino';
import { sliceSeries } from '../../core/series/price.ts';
import { readConfig } from '../../estimator/config.ts';
import type { Prediction } from '../../estimator/schemas/answer.ts';
import { startEstimator, type RunningEstimator } from '../../estimator/server.ts';
import { withDatabase, type TestDatabase } from '../helpers/database.ts';
import { promoteModel, storeDays, storeModel, storeSeries } from './helpers/storedModels.ts';
import { TEST_SERIES } from './helpers/testApp.ts';

type Cleanup = Parameters<typeof withDatabase>[0];

async function start(t: Cleanup, database: TestDatabase): Promise<RunningEstimator> {
  const config = readConfig({ ESTIMATOR_PORT: '0', ESTIMATOR_POLL_SECONDS: '1' });
  const log = pino({ level: 'silent' });
  const estimator = await startEstimator({ config, databaseUrl: database.urls.estimator, log });
  t.after(() => estimator.close());
  return estimator;
}

async function predict({ url }: RunningEstimator, body: unknown = {}): Promise<Prediction> {
  const reply = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(reply.status, 200);
  return (await reply.json()) as Prediction; // the answer's shape is what other tests hold it to
}

/** Asks until the answer is as wanted; the test's own time limit ends it otherwise. */
async function until<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    await pause(5);
  }
}

test('as its own role it answers from a real database, follows promotions and new days, and keeps its answers', async (t) => {
  const database = await withDatabase(t);
  const { db } = database;
  await storeSeries(db, 'CALM', sliceSeries(TEST_SERIES, 0, 300));
  const first = await storeModel(db, 'CALM', sliceSeries(TEST_SERIES, 0, 300), { seed: 1 });
  const second = await storeModel(db, 'CALM', sliceSeries(TEST_SERIES, 0, 300), { seed: 2 });
  const estimator = await start(t, database);
  assert.equal((await fetch(`${estimator.url}/ready`)).status, 503);

  await promoteModel(db, 'CALM', first, null);
  const ready = await until(
    () => fetch(`${estimator.url}/ready`),
    ({ status }) => status === 200,
  );
  assert.equal(ready.status, 200);
  const before = await predict(estimator);
  assert.equal(before.model.version, first);

  await promoteModel(db, 'CALM', second, first);
  const after = await until(
    () => predict(estimator),
    ({ model }) => model.version === second,
  );
  assert.notEqual(after.prediction, before.prediction);

  await storeDays(db, 'CALM', sliceSeries(TEST_SERIES, 300, 301));
  const next = await until(
    () => predict(estimator),
    ({ asOf }) => asOf === TEST_SERIES.days[300],
  );
  assert.equal(next.naive, TEST_SERIES.closes[300]);

  await predict(estimator, { start_date: TEST_SERIES.days[200], end_date: TEST_SERIES.days[210] });
  const history = await fetch(`${estimator.url}/models/CALM/history`);
  const { live, promotions } = (await history.json()) as { live: number; promotions: { version: number }[] };
  assert.equal(live, second);
  assert.deepEqual(
    promotions.map(({ version }) => version),
    [second, first],
  );

  await estimator.close();
  const kept = await db.query<{ form: string; seconds: number; prediction: number }>(
    'SELECT form, seconds, prediction FROM predictions ORDER BY id',
  );
  assert.equal(kept[0]?.prediction, before.prediction);
  assert.deepEqual([...new Set(kept.map(({ form }) => form))], ['symbol', 'range']);
  assert.ok(kept.every(({ seconds }) => seconds > 0));
});
