import type { ModelVersion } from '../../../core/model/version.ts';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findChampion, promote } from '../../../db/tables/champions.ts';
import type { Database } from '../../../db/connection/client.ts';
import { appendEvent } from '../../../db/tables/events.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { holdSymbol } from '../../../db/connection/holdSymbol.ts';
import { getModel } from '../../../db/tables/models.ts';
import { findDueRun, wrestRun } from '../../../db/tables/queue.ts';
import { claimSlot, startRun } from '../../../db/tables/runs.ts';
import { listCloses } from '../../../db/tables/prices.ts';
import { createTestDatabase, type TestDatabase } from '../../../lab/database.ts';
import { bar, newModel, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';

const REFUSED = { code: '42501' }; // insufficient_privilege

let database: TestDatabase;
let writer: Database;
let estimator: Database;
let metrics: Database;
let version: ModelVersion;

before(async () => {
  database = await createTestDatabase();
  [writer, estimator, metrics] = [database.db, database.connectAs('estimator'), database.connectAs('metrics')];
  await storeSeries(writer, parseSymbol('X'), [bar('2020-01-02', 100)]);
  version = await storeModel(writer, parseSymbol('X'));
  await promote(writer, newPromotion(parseSymbol('X'), version));
  const told = { symbol: parseSymbol('X'), runId: null, payload: { version }, sentence: 'Live.' };
  await appendEvent(writer, { ...told, kind: 'champion:promoted' });
  await appendEvent(writer, { kind: 'shepherd:started', symbol: null, runId: null, payload: {}, sentence: 'Started.' });
});
after(() => database.close());

const views = [
  'champion_info',
  'champion_scores',
  'data_freshness',
  'drift_history',
  'flock',
  'forecast_history',
  'held_bars',
  'last_successes',
  'latest_drift_checks',
  'missed_days',
  'prediction_latency_histogram',
  'promotion_history',
  'record_check',
  'retrain_budgets',
  'run_duration_histogram',
  'run_queue',
  'run_totals',
  'schema_version',
  'scored_totals',
  'table_champions',
  'timeline',
];

/** The tables and views on which a role holds a privilege, by the server's own account. */
async function privilegesOf(role: string, privilege: string): Promise<string[]> {
  const rows = await database.connectAs('owner').query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')
     AND has_table_privilege($1, oid, $2) ORDER BY relname`,
    [role, privilege],
  );
  return rows.map(({ name }) => name);
}

test('the metrics role reads views, and that is all', async () => {
  assert.deepEqual(await privilegesOf('shepherd_metrics', 'SELECT'), views);
  for (const privilege of ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) {
    assert.deepEqual(await privilegesOf('shepherd_metrics', privilege), [], privilege);
  }
  const [row] = await metrics.query<{ version: ModelVersion }>('SELECT version FROM champion_info');
  assert.equal(row?.version, version);
  for (const statement of [
    'SELECT weights FROM models',
    'SELECT * FROM events',
    `INSERT INTO predictions (symbol) VALUES ('X')`,
    'DELETE FROM timeline',
    'CREATE TABLE mine (n int)',
    'CREATE TEMPORARY TABLE mine (n int)',
    'SELECT * FROM leases',
    'SET ROLE shepherd_writer',
    'CREATE ROLE mine',
  ]) {
    await assert.rejects(metrics.query(statement), REFUSED, statement);
  }
});

test('the estimator reads what an answer needs and appends predictions', async () => {
  assert.deepEqual(
    await privilegesOf('shepherd_estimator', 'SELECT'),
    [
      ...views,
      'champions',
      'forecast_scores',
      'forecasts',
      'models',
      'prices',
      'promotions',
      'series',
      'table_models',
      'table_promotions',
      'incarnations',
    ].sort(),
  );
  assert.deepEqual(await privilegesOf('shepherd_estimator', 'INSERT'), ['predictions']);
  for (const privilege of ['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) {
    assert.deepEqual(await privilegesOf('shepherd_estimator', privilege), [], privilege);
  }
  assert.equal((await findChampion(estimator, parseSymbol('X')))?.model.version, version);
  assert.equal((await getModel(estimator, version)).symbol, 'X');
  assert.deepEqual([...(await listCloses(estimator, parseSymbol('X'))).closes], [100]);
});

test('the estimator cannot write models, promote, or touch what it has logged', async () => {
  const { symbol, sha256 } = newModel(parseSymbol('X'));
  for (const [statement, ...parameters] of [
    ['INSERT INTO models (symbol, sha256) VALUES ($1, $2)', symbol, sha256],
    ['UPDATE models SET weights = $1', Buffer.of(0)],
    ['DELETE FROM models'],
    ['UPDATE champions SET version = version'],
    ['UPDATE prices SET close = 1'],
    ['SELECT * FROM predictions'],
    ['UPDATE predictions SET prediction = 0'],
    ['UPDATE prediction_latency SET answers = 0'],
    ['SELECT * FROM events'],
    [`SELECT nextval('lease_epochs')`],
    ['CREATE TABLE mine (n int)'],
    ['TRUNCATE predictions'],
  ] as const) {
    await assert.rejects(estimator.query(statement, parameters), REFUSED, statement);
  }
});

test('the shepherd writes, but never changes what was recorded', async () => {
  assert.deepEqual(await privilegesOf('shepherd_writer', 'UPDATE'), [
    'champions',
    'leases',
    'predictions',
    'prices',
    'runs',
    'series',
    'trials',
  ]);
  for (const privilege of ['DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) {
    assert.deepEqual(await privilegesOf('shepherd_writer', privilege), [], privilege);
  }
  for (const statement of [
    `UPDATE events SET sentence = ''`,
    'DELETE FROM events',
    'TRUNCATE events',
    'ALTER TABLE events DISABLE TRIGGER ALL',
    'DROP TABLE events',
    `UPDATE promotions SET reason = ''`,
    `UPDATE record_leaves SET key = ''`,
    `UPDATE checkpoints SET note = ''`,
    'DELETE FROM record_leaves',
    `INSERT INTO incarnations (reason) VALUES ('mine')`,
    'DELETE FROM promotions',
    'UPDATE models SET topology = $$$$',
    'DELETE FROM series',
    'INSERT INTO schema_migrations (number) VALUES (99)',
    'CREATE FUNCTION leaf_text(int) RETURNS bytea LANGUAGE sql AS $$ SELECT NULL::bytea $$',
    `SET session_replication_role = 'replica'`,
  ]) {
    await assert.rejects(writer.query(statement), REFUSED, statement);
  }
  assert.deepEqual(await recordFaults(writer), []);
});

test('the shepherd queues and works runs with the rights it has', async () => {
  await storeSeries(writer, parseSymbol('QUEUED'));
  const id = (await claimSlot(writer, { symbol: parseSymbol('QUEUED'), slot: 'a', trigger: 'schedule' }))!;
  assert.deepEqual(await findDueRun(writer), { id, symbol: 'QUEUED' });
  const held = await holdSymbol(database.urls.shepherd, parseSymbol('QUEUED'), { onLost: () => undefined });
  const run = await held.fence(writer).transaction((client) => startRun(client, id, held.lease.epoch));
  assert.equal(run?.state, 'running');
  await held.release();
  assert.equal(await writer.transaction((client) => wrestRun(client, { id, symbol: parseSymbol('QUEUED') })), true);
});

test('no login reads files of the server or runs programs on it', async () => {
  for (const login of [writer, estimator, metrics]) {
    await assert.rejects(login.query(`SELECT pg_read_file('postgresql.conf')`), REFUSED);
    await assert.rejects(login.query(`COPY (SELECT 1) TO PROGRAM 'true'`), REFUSED);
  }
});
