import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createDatabase, type Database } from '../../../db/connection/client.ts';
import { LIMITS, MIGRATION_LIMITS, type Limits } from '../../../db/connection/limits.ts';
import { appendEvent, listEvents } from '../../../db/tables/events.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { withDatabase } from '../../../lab/database.ts';
import { projectRoot } from '../../helpers/projectRoot.ts';

const SHORT: Limits = { statementMs: 10_000, lockMs: 8_000, idleInTransactionMs: 300, transactionMs: 9_000 };

function connectWithin(t: TestContext, url: string, limits: Partial<Limits>): Database {
  const db = createDatabase({ url, applicationName: 'limited', limits: { ...SHORT, ...limits } });
  t.after(() => db.close());
  return db;
}

test('who waits for a lock outlasts a frozen holder, and no limit is missing', () => {
  assert.ok(LIMITS.lockMs > LIMITS.idleInTransactionMs);
  assert.ok(LIMITS.statementMs > LIMITS.lockMs);
  assert.ok(LIMITS.transactionMs > LIMITS.statementMs);
  assert.ok(Object.values(LIMITS).every((limit) => limit > 0));
  assert.ok(MIGRATION_LIMITS.lockMs > 0 && MIGRATION_LIMITS.idleInTransactionMs > 0);
});

test('a process that is frozen while it holds a lock stops the others only until its limit, and an append not at all', async (t) => {
  const { db, urls } = await withDatabase(t);
  const program = `
    import { createDatabase } from ${JSON.stringify(join(projectRoot, 'dist/db/connection/client.js'))};
    import { appendEvent } from ${JSON.stringify(join(projectRoot, 'dist/db/tables/events.js'))};
    const db = createDatabase({ url: process.argv[1], applicationName: 'frozen', limits: ${JSON.stringify(SHORT)} });
    setInterval(() => undefined, 1000);
    await db.transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(1)');
      await appendEvent(client, { kind: 'run:failed', symbol: null, runId: null, payload: {}, sentence: 'Frozen.' });
      process.stdout.write('holding\\n');
      await new Promise((resolve) => process.stdin.once('data', resolve));
    }).then(() => process.stdout.write('committed\\n'), (error) => process.stdout.write(error.code + '\\n'));
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, urls.shepherd], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'holding');
  child.kill('SIGSTOP');
  const event = { kind: 'run:failed', symbol: null, runId: null, payload: {}, sentence: 'Not kept waiting.' } as const;
  await appendEvent(db, event);
  await db.query('SELECT pg_advisory_xact_lock(1)');
  child.kill('SIGCONT');
  child.stdin.write('\n');
  assert.equal((await lines.next()).value, 'DATABASE_UNAVAILABLE', 'what it had begun is gone, and it is told');
  await once(child, 'exit');
  assert.deepEqual(
    (await listEvents(db, { limit: 9 })).map(({ sentence }) => sentence),
    ['Not kept waiting.'],
  );
  assert.deepEqual(await recordFaults(db), []);
});

for (const [what, limits, work] of [
  ['a statement', { statementMs: 50 }, (db: Database) => db.query('SELECT pg_sleep(60)')],
  [
    'a transaction that goes on asking',
    { transactionMs: 50 },
    (db: Database) =>
      db.transaction(async (client) => {
        for (;;) await client.query('SELECT pg_sleep(0.01)');
      }),
  ],
] as const) {
  test(`${what} is ended at its limit, with a code, and the next one finds a connection`, async (t) => {
    const { urls } = await withDatabase(t);
    const db = connectWithin(t, urls.shepherd, limits);
    await assert.rejects(work(db), { code: 'DATABASE_UNAVAILABLE' });
    assert.deepEqual(await db.query('SELECT 1 AS n'), [{ n: 1 }]);
  });
}

test('waiting for a lock ends at its limit', async (t) => {
  const { db, urls } = await withDatabase(t);
  const impatient = connectWithin(t, urls.shepherd, { lockMs: 50 });
  await db.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(1)');
    await assert.rejects(impatient.query('SELECT pg_advisory_xact_lock(1)'), {
      code: 'DATABASE_UNAVAILABLE',
      message: /lock timeout/,
    });
  });
});

test('a server that takes the question and never answers is given up', async (t) => {
  const { urls } = await withDatabase(t);
  const { port, hostname } = new URL(urls.shepherd);
  let silent = false;
  const line = createServer((from) => {
    const to = connect(Number(port), hostname);
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      a.on('data', (bytes) => silent || b.write(bytes));
      a.on('error', () => b.destroy());
      a.on('close', () => b.destroy());
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    line.close();
  });
  const address = line.address();
  const cut = new URL(urls.shepherd);
  cut.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  // The driver's own limit is that of the statement and five seconds.
  const db = connectWithin(t, cut.href, { statementMs: 500 });
  await db.query('SELECT 1');
  silent = true;
  await assert.rejects(db.query('SELECT 2'), { code: 'DATABASE_UNAVAILABLE' });
  silent = false;
  assert.deepEqual(await db.query('SELECT 3 AS n'), [{ n: 3 }]);
});

test('every connection is within limits, and what a URL asks for itself wins', async (t) => {
  const { urls, db, connectAs } = await withDatabase(t);
  const show = async (client: Database, name: string): Promise<unknown> =>
    (await client.query<{ value: string }>(`SELECT current_setting($1) AS value`, [name]))[0]?.value;
  for (const client of [db, connectAs('estimator'), connectAs('metrics')]) {
    assert.equal(await show(client, 'statement_timeout'), '30s');
    assert.equal(await show(client, 'lock_timeout'), '20s');
    assert.equal(await show(client, 'idle_in_transaction_session_timeout'), '10s');
    assert.equal(await show(client, 'transaction_timeout'), '1min');
    assert.equal(await show(client, 'tcp_keepalives_idle'), '10');
  }
  const own = createDatabase({
    url: `${urls.shepherd}?options=-c%20lock_timeout%3D7s%20-c%20work_mem%3D5MB`,
    applicationName: 'own',
  });
  t.after(() => own.close());
  assert.deepEqual(
    await Promise.all(['lock_timeout', 'work_mem', 'statement_timeout'].map((name) => show(own, name))),
    ['7s', '5MB', '30s'],
  );
});
