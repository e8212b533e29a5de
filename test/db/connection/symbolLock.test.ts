import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../../db/connection/client.ts';
import { holdSymbol } from '../../../db/connection/symbolLock.ts';
import { withDatabase } from '../../../lab/database.ts';

/** Resolves once so many connections hold, or wait for, a symbol's lock. */
async function whenLocks(client: Client, { held, waiting }: { held: number; waiting: number }): Promise<void> {
  for (;;) {
    const [row] = await client.query<{ held: number; waiting: number }>(
      `SELECT count(*) FILTER (WHERE granted)::int AS held, count(*) FILTER (WHERE NOT granted)::int AS waiting
       FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    if (row?.held === held && row.waiting === waiting) return;
  }
}

test('a symbol has one holder at a time, the next when it is released; another symbol does not wait', async (t) => {
  const { db, urls } = await withDatabase(t);
  const order: string[] = [];
  const hold = async (symbol: string, name: string): Promise<() => Promise<void>> => {
    const release = await holdSymbol(urls.shepherd, symbol, () => order.push(`${name} lost`));
    order.push(name);
    return release;
  };
  const release = await hold('X', 'first');
  const second = hold('X', 'second');
  await whenLocks(db, { held: 1, waiting: 1 });
  const releaseOther = await hold('Y', 'other');
  assert.deepEqual(order, ['first', 'other']);
  await release();
  const releaseSecond = await second;
  assert.deepEqual(order, ['first', 'other', 'second']);
  await Promise.all([releaseOther(), releaseSecond()]);
  await whenLocks(db, { held: 0, waiting: 0 });
  assert.equal(order.length, 3, 'a release is no loss');
});

test('a lock is lost with its connection, which is told, and free for the next', async (t) => {
  const { db, connectAs, urls } = await withDatabase(t);
  let tell: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (tell = resolve));
  const release = await holdSymbol(urls.shepherd, 'X', (error) => {
    tell(error);
  });
  const owner = connectAs('owner');
  const [holder] = await owner.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'shepherd X' AND datname = current_database()`,
  );
  assert.ok(holder !== undefined, 'whoever looks at the server sees what the connection is for');
  await owner.query('SELECT pg_terminate_backend($1)', [holder.pid]);
  assert.ok((await lost) instanceof Error);
  await (
    await holdSymbol(urls.shepherd, 'X', () => undefined)
  )();
  await release();
  await whenLocks(db, { held: 0, waiting: 0 });
});
