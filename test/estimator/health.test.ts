import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from '../../estimator/serving/health.ts';
import type { PredictionLog } from '../../estimator/serving/predictionLog.ts';
import type { ServedSymbol } from '../../estimator/serving/servedSymbol.ts';
import type { Serving } from '../../estimator/serving/serving.ts';
import { serveSeries } from './helpers/servedSeries.ts';
import { createTestApp, TEST_SERIES } from './helpers/testApp.ts';

test('the health check of the seed systems answers whatever is sent with it', async (t) => {
  const { app } = await createTestApp(t);
  const bodies = [
    {},
    { payload: '{"broken": ', headers: { 'content-type': 'application/json' } },
    { payload: 'anything', headers: { 'content-type': 'nonsense' } },
    { payload: '<a/>', headers: { 'content-type': 'application/xml' } },
    { headers: { 'content-type': 'application/json' } },
  ];
  for (const method of ['GET', 'POST'] as const) {
    for (const body of bodies) {
      const reply = await app.inject({ method, url: '/health-check', ...body });
      assert.deepEqual([reply.statusCode, reply.json()], [200, { status: 'healthy' }]);
    }
  }
});

test('ready lists what answers, and stays ready while the database is away', async (t) => {
  const { app, store } = await createTestApp(t);
  store.away = true;
  const reply = await app.inject('/ready');
  assert.equal(reply.statusCode, 200);
  assert.deepEqual(reply.json(), {
    status: 'ready',
    models: [
      { symbol: 'CALM', version: 1, asOf: '2001-02-03' },
      { symbol: 'OTHER', version: 2, asOf: '2001-02-03' },
    ],
    faults: [],
    database: 'down',
    predictionLog: { waiting: 0, dropped: 0 },
  });
});

test('metrics carry the names of the contract', async (t) => {
  const { app } = await createTestApp(t);
  await app.inject({ method: 'POST', url: '/predict', payload: {} });
  await app.inject({ method: 'POST', url: '/predict', payload: { data: [] } });
  const { body } = await app.inject('/metrics');
  assert.match(body, /^predict_requests_total\{outcome="answered"\} 1$/m);
  assert.match(body, /^predict_requests_total\{outcome="refused"\} 1$/m);
  assert.match(body, /^predict_requests_total\{outcome="failed"\} 0$/m);
  assert.match(body, /^predict_duration_seconds_count\{symbol="CALM"\} 1$/m);
  assert.match(body, /^predict_duration_seconds_bucket\{le="0.0001",symbol="CALM"\}/m);
  assert.match(body, /^estimator_model_load_failures_total 0$/m);
  assert.match(body, /^process_cpu_seconds_total/m);
});

test('readiness tells of models, faults, the database and the log as they are, and why it is not ready', () => {
  const fault = { symbol: 'A', version: 3, reason: 'another hash' };
  const health = (loaded: readonly ServedSymbol[], up: boolean) =>
    createHealth({
      serving: { loaded: () => loaded, faults: () => [fault] } as unknown as Serving, // the two that are asked here
      log: { length: 4 } as PredictionLog, // all that is read of it
      databaseUp: () => up,
      dropped: () => 7,
    })();
  const rest = { faults: [fault], predictionLog: { waiting: 4, dropped: 7 } };
  assert.deepEqual(health([], false), {
    status: 'not ready',
    reason: 'No model has been promoted and loaded yet.',
    models: [],
    database: 'down',
    ...rest,
  });
  assert.deepEqual(health([serveSeries(TEST_SERIES)], true), {
    status: 'ready',
    models: [{ symbol: 'CALM', version: 7, asOf: TEST_SERIES.days[399] }],
    database: 'up',
    ...rest,
  });
});
