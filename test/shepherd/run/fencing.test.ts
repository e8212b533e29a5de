import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { Database } from '../../../db/connection/client.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { findRun } from '../../../db/tables/runs.ts';
import type { TestDatabase } from '../../../lab/database.ts';
import { claimManualRun } from '../../../shepherd/queue/queue.ts';
import type { RunContext } from '../../../shepherd/run/context.ts';
import { executeRun } from '../../../shepherd/run/run.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';

/** A database that stops before its `n`th transaction (from 0) until it is let go on; `reached` tells that it has stopped. */
function holdAt(db: Database, n: number) {
  let count = 0;
  let letGo: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const held: Database = {
    ...db,
    async transaction(work) {
      count += 1;
      if (count - 1 === n) {
        arrive();
        await gate;
      }
      return db.transaction(work);
    },
  };
  return { held, reached, letGo };
}

/** Every row of every table, but for the leases themselves. */
async function listEverything(database: TestDatabase): Promise<unknown> {
  const owner = database.connectAs('owner');
  const tables = await owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'leases' ORDER BY 1`,
  );
  const rows = tables.map(({ name }) => owner.query(`SELECT '${name}' AS name, t::text FROM ${name} AS t ORDER BY 2`));
  return Promise.all(rows);
}

/** As if its process were frozen: the time of its lease has run out, its session is still there, and it does not know. */
async function expireLease(database: TestDatabase): Promise<void> {
  await database.connectAs('owner').query('UPDATE leases SET expires_at = now()');
}

const LONG_LEASE = { leaseMs: 3_600_000 }; // renewed long after the test: only the fence is left

/**
 * The transactions of a run in their order. A run that is taken
 * over at any of them must not store anything any more, neither in that transaction nor in a later one.
 */
const FIRST = [
  'start',
  'pull',
  'pull step',
  'settings',
  'freshness',
  'answers',
  'against',
  'decide',
  'train',
  'gate',
  'promote',
  'forecast',
  'finish',
];

for (const [n, stage] of FIRST.entries()) {
  test(`a run that is succeeded before it stores its ${stage} stores nothing more`, { timeout: 120_000 }, async (t) => {
    const { context, database } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(720, 41) }));
    const id = await claimManualRun(context.db, parseSymbol('X'), 1, {});
    const { held, reached, letGo } = holdAt(context.db, n);
    const first = executeRun(id, { ...context, ...LONG_LEASE, db: held });
    const rejected = assert.rejects(first, { code: 'SUPERSEDED' });
    await reached;
    await expireLease(database);
    const successor: RunContext = { ...context, ...LONG_LEASE };
    assert.equal((await executeRun(id, successor))?.outcome, 'promoted');
    const before = await listEverything(database);
    letGo();
    await rejected;
    assert.deepEqual(await listEverything(database), before);
    assert.equal((await findRun(context.db, id))?.outcome, 'promoted');
    assert.deepEqual(await recordFaults(context.db), []);
  });
}

test('the stages above are all there are', { timeout: 120_000 }, async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(720, 41) }));
  const id = await claimManualRun(context.db, parseSymbol('X'), 1, {});
  let count = 0;
  const counted: Database = {
    ...context.db,
    transaction: (work) => {
      count += 1;
      return context.db.transaction(work);
    },
  };
  await executeRun(id, { ...context, db: counted });
  assert.equal(count, FIRST.length);
});

test('outside its transactions a run only reads', { timeout: 120_000 }, async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(720, 41) }));
  const asked: string[] = [];
  const watched: Database = {
    ...context.db,
    query: (text, parameters) => {
      asked.push(text);
      return context.db.query(text, parameters);
    },
  };
  for (const request of [{}, { force: true }]) {
    await executeRun(await claimManualRun(context.db, parseSymbol('X'), asked.length + 1, request), {
      ...context,
      db: watched,
    });
  }
  assert.ok(asked.length > 10);
  for (const text of asked) assert.match(text, /^\s*(SELECT|WITH(?![^]*\b(INSERT|UPDATE|DELETE)\b))/, text);
});
