import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type Database } from '../../../db/connection/client.ts';
import { startServer, type Server } from '../../../db/server/server.ts';
import { withDatabase } from '../../../lab/database.ts';

test('values come back in the form that the rest of the code relies on', async (t) => {
  const { db } = await withDatabase(t);
  const [row] = await db.query(
    `SELECT '2020-03-01'::date AS day, '{2020-03-01,0044-03-15}'::date[] AS days, 9007199254740993::int8 AS id, 7::int4 AS small,
       0.1::float8 AS ratio, '{0.1,NULL}'::float8[] AS ratios, '{"a": [1.5]}'::jsonb AS record,
       '2020-03-01 12:00:00.1234+02'::timestamptz AS at, NULL::date AS none, 'NaN'::float8 AS nan`,
  );
  assert.deepEqual(row, {
    day: '2020-03-01',
    days: ['2020-03-01', '0044-03-15'],
    id: '9007199254740993',
    small: 7,
    ratio: 0.1,
    ratios: [0.1, null],
    record: { a: [1.5] },
    at: '2020-03-01T10:00:00.123Z',
    none: null,
    nan: Number.NaN,
  });
});

test('a transaction is kept whole or not at all, and the connection is fit for the next one', async (t) => {
  const { connectAs } = await withDatabase(t);
  const db = connectAs('owner');
  await db.query('CREATE TABLE numbers (n int PRIMARY KEY)');
  const answer = await db.transaction(async (client) => {
    await client.query('INSERT INTO numbers VALUES (1)');
    assert.deepEqual(await db.query('SELECT n FROM numbers'), []); // nobody else sees it yet
    return 'done';
  });
  assert.equal(answer, 'done');
  await assert.rejects(
    db.transaction(async (client) => {
      await client.query('INSERT INTO numbers VALUES (2)');
      await client.query('INSERT INTO numbers VALUES (1)');
    }),
    { code: '23505' },
  );
  await assert.rejects(
    db.transaction(async (client) => {
      await client.query('INSERT INTO numbers VALUES (3)');
      throw new RangeError('ours');
    }),
    RangeError,
  );
  assert.deepEqual(await db.query('SELECT n FROM numbers'), [{ n: 1 }]);
});

test('eight workers take two thousand tasks, each once', async (t) => {
  const { connectAs } = await withDatabase(t);
  const owner = connectAs('owner');
  await owner.query('CREATE TABLE tasks AS SELECT n FROM generate_series(1, 2000) AS n');
  const taken = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const worker = connectAs('owner');
      const mine: number[] = [];
      for (;;) {
        const rows = await worker.query<{ n: number }>(
          `DELETE FROM tasks WHERE ctid = ANY (ARRAY(SELECT ctid FROM tasks LIMIT 25 FOR UPDATE SKIP LOCKED)) RETURNING n`,
        );
        if (rows.length === 0) return mine;
        mine.push(...rows.map(({ n }) => n));
      }
    }),
  );
  const all = taken.flat().sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from({ length: 2000 }, (_, i) => i + 1),
  );
  assert.ok(taken.filter((mine) => mine.length > 0).length > 1);
});

test('notifications reach a listener on another connection, and stop when it stops', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const heard: string[] = [];
  let arrived: () => void = () => undefined;
  const stop = await connectAs('metrics').listen('a "channel"', (payload) => {
    heard.push(payload);
    arrived();
  });
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  await db.query('SELECT pg_notify($1, $2)', ['a "channel"', 'one']);
  await arrival;
  await stop();
  assert.deepEqual(heard, ['one']);
  const [row] = await db.query(
    `SELECT count(*)::int AS listening FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
  );
  assert.deepEqual(row, { listening: 0 });
});

const unreachable = createDatabase({ url: 'postgres://me:secret@127.0.0.1:1/nowhere', applicationName: 'test' });
after(() => unreachable.close());

for (const [what, work] of [
  ['a query', () => unreachable.query('SELECT 1')],
  ['a transaction', () => unreachable.transaction(() => Promise.resolve())],
  ['a listener', () => unreachable.listen('x', () => undefined)],
] as const) {
  test(`${what} on an unreachable server is one clear sentence without the password`, async () => {
    await assert.rejects(work, (error: Error & { code?: string }) => {
      assert.equal(error.code, 'DATABASE_UNAVAILABLE');
      assert.match(
        error.message,
        /^PostgreSQL at 127\.0\.0\.1:1\/nowhere \(user me\) is not available: .*ECONNREFUSED/,
      );
      assert.doesNotMatch(error.message, /secret/);
      assert.ok(error.cause instanceof Error);
      return true;
    });
  });
}

// A server of their own, as these tests stop it.
const folder = mkdtempSync(join(tmpdir(), 'shepherd-client-'));
let server: Server;
const startAgain = async (port?: number): Promise<void> => {
  const settings = ['fsync=off', ...(port === undefined ? [] : [`port=${port}`])];
  server = await startServer({ folder: join(folder, 'postgres'), log: () => undefined, settings });
};
const connect = (onConnectionLost?: (error: Error) => void): Database =>
  createDatabase({
    url: `postgres://postgres:${server.passwords.postgres}@127.0.0.1:${server.port}/postgres`,
    applicationName: 'test',
    ...(onConnectionLost && { onConnectionLost }),
  });

before(() => startAgain());
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('a pool outlives a restart of its server: it fails with one code meanwhile, and works again after', async () => {
  let lost: Error | undefined;
  const db = connect((error) => (lost = error));
  await db.query('SELECT 1');
  const { port } = server;
  const during = db.transaction(async (client) => {
    await client.query('SELECT 1');
    await server.stop();
    await client.query('SELECT 2');
  });
  await assert.rejects(during, { code: 'DATABASE_UNAVAILABLE' });
  await assert.rejects(db.query('SELECT 3'), { code: 'DATABASE_UNAVAILABLE' });
  await startAgain(port);
  assert.deepEqual(await db.query('SELECT 4 AS n'), [{ n: 4 }]);
  await db.close();
  assert.equal(lost, undefined); // the one connection was in use, so its loss was the query's
});

test('a connection lost while idle is reported and replaced', async () => {
  let report: (error: Error) => void = () => undefined;
  const reported = new Promise<Error>((resolve) => (report = resolve));
  const db = connect((error) => {
    report(error);
  });
  const [row] = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const other = connect();
  await other.query('SELECT pg_terminate_backend($1)', [row!.pid]);
  assert.match((await reported).message, /terminating connection/);
  assert.deepEqual(await db.query('SELECT 1 AS n'), [{ n: 1 }]);
  await Promise.all([db.close(), other.close()]);
});

test('a listener comes back after a restart, says so, and hears again', { timeout: 60_000 }, async () => {
  const db = connect();
  const heard: string[] = [];
  const events: string[] = [];
  let wake: () => void = () => undefined;
  const next = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  await db.listen(
    'channel',
    (payload) => {
      heard.push(payload);
      wake();
    },
    {
      onLost: () => events.push('lost'),
      onRestored: () => {
        events.push('restored');
        wake();
      },
    },
  );
  const { port } = server;
  await server.stop();
  const restored = next();
  await startAgain(port);
  await restored;
  assert.deepEqual(events, ['lost', 'restored']);
  const arrival = next();
  await connectOnce((other) => other.query(`NOTIFY channel, 'again'`));
  await arrival;
  assert.deepEqual(heard, ['again']);
  await db.close();
});

async function connectOnce(work: (db: Database) => Promise<unknown>): Promise<void> {
  const db = connect();
  await work(db);
  await db.close();
}
