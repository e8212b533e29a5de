import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import { holdSymbol, type HeldSymbol, type HoldOptions } from '../../../db/connection/holdSymbol.ts';
import { withDatabase } from '../../../lab/database.ts';
import { projectRoot } from '../../helpers/projectRoot.ts';

const QUIET: HoldOptions = { onLost: () => undefined };

test('a symbol has one holder at a time, the next when it is released; another symbol does not wait', async (t) => {
  const { urls } = await withDatabase(t);
  const order: string[] = [];
  const hold = async (symbol: SeriesSymbol, name: string): Promise<HeldSymbol> => {
    const held = await holdSymbol(urls.shepherd, symbol, { onLost: () => order.push(`${name} lost`) });
    order.push(name);
    return held;
  };
  const first = await hold(parseSymbol('X'), 'first');
  await assert.rejects(holdSymbol(urls.shepherd, parseSymbol('X'), { ...QUIET, patienceMs: 0 }), {
    code: 'CONFLICT',
    message: 'Another process is still working on X; repeat this when it is done.',
  });
  const second = hold(parseSymbol('X'), 'second');
  const other = await hold(parseSymbol('Y'), 'other');
  assert.deepEqual(order, ['first', 'other']);
  await first.release();
  await first.release();
  const next = await second;
  assert.deepEqual(order, ['first', 'other', 'second'], 'a release is no loss');
  assert.ok(Number(next.lease.epoch) > Number(first.lease.epoch));
  await Promise.all([other.release(), next.release()]);
});

test('who waits is told to stop and stops', async (t) => {
  const { urls } = await withDatabase(t);
  const held = await holdSymbol(urls.shepherd, parseSymbol('X'), QUIET);
  const stop = new AbortController();
  const waiting = holdSymbol(urls.shepherd, parseSymbol('X'), { ...QUIET, signal: stop.signal });
  stop.abort();
  await assert.rejects(waiting, { code: 'CANCELLED' });
  await held.release();
});

test('a lease is lost with its connection, which is told, and free for the next at once', async (t) => {
  const { connectAs, urls } = await withDatabase(t);
  let tell: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (tell = resolve));
  const held = await holdSymbol(urls.shepherd, parseSymbol('X'), {
    onLost: (error) => {
      tell(error);
    },
  });
  const owner = connectAs('owner');
  const [holder] = await owner.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'shepherd X' AND datname = current_database()`,
  );
  assert.ok(holder !== undefined, 'whoever looks at the server sees what the connection is for');
  await owner.query('SELECT pg_terminate_backend($1)', [holder.pid]);
  assert.ok((await lost) instanceof Error);
  await (await holdSymbol(urls.shepherd, parseSymbol('X'), QUIET)).release();
  await held.release();
});

test('while it lives a holder renews its lease; nothing is stored behind its fence once another has taken it', async (t) => {
  const { db, urls } = await withDatabase(t);
  let tell: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (tell = resolve));
  const held = await holdSymbol(urls.shepherd, parseSymbol('X'), {
    leaseMs: 60,
    onLost: (error) => {
      tell(error);
    },
  });
  const [before] = await db.query<{ expires: string }>('SELECT expires_at AS expires FROM leases');
  let now = before;
  while (now?.expires === before?.expires) {
    [now] = await db.query<{ expires: string }>('SELECT expires_at AS expires FROM leases');
  }
  const fenced = held.fence(db);
  const add = `INSERT INTO series (symbol, source) VALUES ('A', 'csv')`;
  await fenced.transaction((client) => client.query(add));
  await db.query(`UPDATE leases SET epoch = nextval('lease_epochs')`);
  assert.equal(((await lost) as Error & { code?: string }).code, 'SUPERSEDED');
  await assert.rejects(
    fenced.transaction((client) => client.query(add.replace("'A'", "'B'"))),
    { code: 'SUPERSEDED', message: 'Another process has taken over X; nothing more is stored from here.' },
  );
  assert.deepEqual(await fenced.query('SELECT symbol FROM series'), [{ symbol: 'A' }]);
  await held.release();
  const [row] = await db.query<{ free: boolean }>(`SELECT expires_at = '-infinity' AS free FROM leases`);
  assert.equal(row?.free, false, 'the lease of another is not given back');
});

test('a process that is frozen keeps a symbol until its lease has run out, and one that is killed not even so long', async (t) => {
  const { urls } = await withDatabase(t);
  const program = `
    import { holdSymbol } from ${JSON.stringify(join(projectRoot, 'dist/db/connection/holdSymbol.js'))};
    await holdSymbol(process.argv[1], 'X', { leaseMs: Number(process.argv[2]), onLost: (e) => process.stdout.write('lost ' + e.code + '\\n') });
    process.stdout.write('held\\n');`;
  const start = async (leaseMs: number) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, urls.shepherd, String(leaseMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    return child;
  };
  const frozen = await start(1_000);
  frozen.kill('SIGSTOP');
  const next = await holdSymbol(urls.shepherd, parseSymbol('X'), QUIET);
  const said = once(frozen.stdout, 'data');
  frozen.kill('SIGCONT');
  assert.equal(String((await said)[0]), 'lost SUPERSEDED\n');
  await next.release();

  const killed = await start(3_600_000);
  killed.kill('SIGKILL');
  await (await holdSymbol(urls.shepherd, parseSymbol('X'), QUIET)).release();
});
