import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { lastFirst } from '../../lab/lastFirst.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { sliceSeries } from '../../core/series/price.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { parseSymbol } from '../../core/series/symbol.ts';
import { readConfig } from '../../estimator/config.ts';
import type { Prediction } from '../../estimator/schemas/answer.ts';
import { startEstimator, type RunningEstimator } from '../../estimator/server.ts';
import { withDatabase } from '../../lab/database.ts';
import { linkTo } from './helpers/cuttable.ts';
import { promoteModel, storeDays, storeModel, storeSeries } from '../../lab/storedModels.ts';
import { TEST_SERIES } from './helpers/testApp.ts';

type Cleanup = Parameters<typeof withDatabase>[0];

async function start(t: Cleanup, databaseUrl: string): Promise<RunningEstimator> {
  const config = readConfig({ ESTIMATOR_PORT: '0', ESTIMATOR_POLL_SECONDS: '1' });
  const log = silentLog;
  const estimator = await startEstimator({ config, databaseUrl, log });
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

test('as its own role it answers from a real database, follows promotions and new days, and keeps its answers', async (context) => {
  const t = lastFirst(context);
  const database = await withDatabase(t);
  const { db } = database;
  await storeSeries(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300));
  const first = await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300), { seed: 1 });
  const second = await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300), { seed: 2 });
  const estimator = await start(t, database.urls.estimator);
  assert.equal((await fetch(`${estimator.url}/ready`)).status, 503);

  await promoteModel(db, parseSymbol('CALM'), first, null);
  const ready = await until(
    () => fetch(`${estimator.url}/ready`),
    ({ status }) => status === 200,
  );
  assert.equal(ready.status, 200);
  const before = await predict(estimator);
  assert.equal(before.model.version, first);

  await promoteModel(db, parseSymbol('CALM'), second, first);
  const after = await until(
    () => predict(estimator),
    ({ model }) => model.version === second,
  );
  assert.notEqual(after.prediction, before.prediction);

  await storeDays(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 300, 301));
  const next = await until(
    () => predict(estimator),
    ({ asOf }) => asOf === TEST_SERIES.days[300],
  );
  assert.equal(next.naive, TEST_SERIES.closes[300]);

  for (const symbol of ['\u0000', 'A\u0000', '\ud800', "'; DROP TABLE models --", 'x'.repeat(65)]) {
    const refused = await fetch(`${estimator.url}/predict`, { method: 'POST', body: JSON.stringify({ symbol }) });
    assert.ok(refused.status === 404 || refused.status === 400, `${JSON.stringify(symbol)}: ${refused.status}`);
  }
  assert.equal((await fetch(`${estimator.url}/v2/models/%00`)).status, 404);

  await predict(estimator, { start_date: TEST_SERIES.days[200], end_date: TEST_SERIES.days[210] });
  const history = await fetch(`${estimator.url}/models/CALM/history`);
  const { live, promotions } = (await history.json()) as { live: number; promotions: { version: ModelVersion }[] };
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

interface ReadyState {
  readonly database: string;
  readonly models: readonly { readonly version: ModelVersion }[];
  readonly predictionLog: { readonly waiting: number };
}

test('a database that goes away is done without, and caught up with when it is back', async (context) => {
  const t = lastFirst(context);
  const database = await withDatabase(t);
  const { db } = database;
  await storeSeries(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300));
  const first = await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300), { seed: 1 });
  const second = await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300), { seed: 2 });
  await promoteModel(db, parseSymbol('CALM'), first, null);
  const url = new URL(database.urls.estimator);
  const link = await linkTo(t, Number(url.port));
  url.port = String(link.port);
  const estimator = await start(t, url.href);
  const readiness = async (): Promise<ReadyState> =>
    (await (await fetch(`${estimator.url}/ready`)).json()) as ReadyState; // as `ReadySchema` has it

  await link.cut();
  for (let i = 0; i < 5; i += 1) assert.equal((await predict(estimator)).model.version, first);
  const away = await until(readiness, (state) => state.database === 'down');
  assert.equal(away.predictionLog.waiting, 5);
  assert.equal((await fetch(`${estimator.url}/models/CALM/history`)).status, 503);
  await promoteModel(db, parseSymbol('CALM'), second, first);

  await link.mend();
  await until(readiness, (state) => state.database === 'up' && state.models[0]?.version === second);
  await until(readiness, ({ predictionLog }) => predictionLog.waiting === 0);
  const [kept] = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM predictions');
  assert.equal(kept?.count, 5);
});

test('an estimator that starts before its database answers as soon as there is one', async (context) => {
  const t = lastFirst(context);
  const database = await withDatabase(t);
  const { db } = database;
  await storeSeries(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300));
  await promoteModel(
    db,
    parseSymbol('CALM'),
    await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300)),
    null,
  );
  const url = new URL(database.urls.estimator);
  const link = await linkTo(t, Number(url.port));
  await link.cut();
  url.port = String(link.port);
  const estimator = await start(t, url.href);
  assert.equal((await fetch(`${estimator.url}/health`)).status, 200);
  assert.equal((await fetch(`${estimator.url}/ready`)).status, 503);
  await link.mend();
  await until(
    () => fetch(`${estimator.url}/ready`),
    ({ status }) => status === 200,
  );
});

test('a port that is taken is said in one sentence, and nothing stays open', async (context) => {
  const t = lastFirst(context);
  const database = await withDatabase(t);
  const { url } = await start(t, database.urls.estimator);
  const { port } = new URL(url);
  await assert.rejects(
    startEstimator({
      config: readConfig({ ESTIMATOR_PORT: port }),
      databaseUrl: database.urls.estimator,
      log: silentLog,
    }),
    {
      code: 'INVALID_CONFIG',
      message: `Port ${port} of 127.0.0.1 is taken by another program; set ESTIMATOR_PORT to a free one.`,
    },
  );
});

test('a stored model that was altered leaves the one in service answering, and says so in /ready and the metrics', async (context) => {
  const t = lastFirst(context);
  const database = await withDatabase(t);
  const { db } = database;
  await storeSeries(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300));
  const first = await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300), { seed: 1 });
  const second = await storeModel(db, parseSymbol('CALM'), sliceSeries(TEST_SERIES, 0, 300), { seed: 2 });
  await promoteModel(db, parseSymbol('CALM'), first, null);
  await database
    .connectAs('owner')
    .query('UPDATE models SET weights = set_byte(weights, 100, 255 - get_byte(weights, 100)) WHERE version = $1', [
      second,
    ]);
  const estimator = await start(t, database.urls.estimator);
  await promoteModel(db, parseSymbol('CALM'), second, first);
  const ready = await until(
    async () =>
      (await (await fetch(`${estimator.url}/ready`)).json()) as {
        faults: readonly { version: ModelVersion; reason: string }[];
      },
    ({ faults }) => faults.length > 0,
  );
  assert.equal(ready.faults[0]?.version, second);
  assert.match(ready.faults[0].reason, /does not match its hash/);
  assert.equal((await predict(estimator)).model.version, first);
  assert.match(await (await fetch(`${estimator.url}/metrics`)).text(), /^estimator_model_load_failures_total 1$/m);
});
