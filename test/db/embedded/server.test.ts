import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { after, afterEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database } from '../../../db/client.ts';
import { findBinaries } from '../../../db/embedded/binaries.ts';
import { chooseDeathSignal } from '../../../db/embedded/identity.ts';
import { findPostmaster, isAlive } from '../../../db/embedded/postmaster.ts';
import { openDatabase, type DatabaseUrls } from '../../../db/open.ts';

const TENANT = fileURLToPath(new URL('./tenant.js', import.meta.url));
const NOBODY = 65_534;

// One cluster for the file, as making it costs the most; each test leaves it stopped.
const home = mkdtempSync(join(tmpdir(), 'shepherd-embedded-'));
const dataDir = join(home, 'data');
const cluster = join(dataDir, 'postgres', 'data');

const tenants: ChildProcess[] = [];
afterEach(async () => {
  for (const tenant of tenants.splice(0)) tenant.kill('SIGKILL');
  await serverEnded(cluster);
});
after(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Why the test as `nobody` has to be left out, if it has to. */
function cannotBecomeNobody(): string | false {
  if (process.getuid?.() !== 0) return 'only root steps down';
  const command = [`--reuid=${NOBODY}`, '--clear-groups', findBinaries().postgres, '--version'];
  return spawnSync('setpriv', command).status !== 0 && 'nobody cannot reach the folder of this checkout';
}

interface Tenant {
  readonly process: ChildProcess;
  readonly urls: DatabaseUrls;
  readonly lines: Interface;
}

/** Starts a tenant in a process of its own and waits until it has the database. */
async function startTenant(
  task = 'wait',
  { folder = dataDir, prefix = [] }: { folder?: string; prefix?: string[] } = {},
): Promise<Tenant> {
  const [program, ...rest] = [...prefix, process.execPath, TENANT, folder, task];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', task === 'write' ? 'ignore' : 'inherit'] });
  tenants.push(child);
  const lines = createInterface({ input: child.stdout });
  const [first]: unknown[] = await Promise.race<Promise<unknown[]>[]>([
    once(lines, 'line'),
    once(child, 'exit').then(([code]: unknown[]): never => {
      throw new Error(`the tenant ended with ${String(code)} before it had a database`);
    }),
  ]);
  return { process: child, urls: JSON.parse(String(first)) as DatabaseUrls, lines }; // tenant.ts prints them
}

/** Waits for the server of a cluster to be gone; where nothing ends it with its parent, ends it. */
async function serverEnded(data: string): Promise<void> {
  const server = findPostmaster(data);
  if (server === undefined) return;
  if (chooseDeathSignal().length === 0) process.kill(server.pid, 'SIGINT');
  while (isAlive(server.pid)) await pause(10);
}

async function withConnection<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = createDatabase({ url, applicationName: 'test' });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const say =
  (text: string) =>
  (db: Database): Promise<unknown[]> =>
    db.query('SELECT $1 AS said', [text]);

test('a first start makes the cluster for its owner alone, reachable on loopback with a password', async () => {
  const lines: string[] = [];
  const opened = await openDatabase({ dataDir, log: (line) => lines.push(line) });
  assert.equal(opened.embedded, true);
  assert.match(lines.join('\n'), /^PostgreSQL 17 runs in .*postgres, on port \d+ of loopback$/);
  const { urls } = opened;
  const all = [urls.owner, urls.shepherd, urls.estimator, urls.metrics];
  assert.equal(new Set(all).size, 4);
  for (const url of all) assert.deepEqual(await withConnection(url, say('hello')), [{ said: 'hello' }]);

  const wrong = new URL(urls.shepherd);
  wrong.password = 'guess';
  await assert.rejects(withConnection(wrong.href, say('hello')), {
    code: 'DATABASE_UNAVAILABLE',
    message: /password authentication failed/,
  });
  const [settings] = await withConnection(urls.owner, (db) =>
    db.query(`SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
      current_setting('password_encryption') AS passwords, current_setting('fsync') AS fsync`),
  );
  assert.deepEqual(settings, { addresses: '127.0.0.1', sockets: '', passwords: 'scram-sha-256', fsync: 'on' });
  assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o077, 0);
  assert.equal(statSync(join(dataDir, 'postgres', 'passwords.json')).mode & 0o177, 0);
  assert.deepEqual(readdirSync(dataDir), ['postgres']);

  await withConnection(urls.owner, (db) => db.query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)'));
  await opened.stop();
  await opened.exited;
  assert.equal(findPostmaster(cluster), undefined);
});

test('a second start finds what the first one left, and what an interrupted one left half-made is removed', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const half = join(dataDir, `postgres.tmp-${dead}-abcdef`);
  mkdirSync(half);
  const opened = await openDatabase({ dataDir });
  assert.deepEqual(await withConnection(opened.urls.owner, (db) => db.query('SELECT n FROM kept')), [{ n: 7 }]);
  await opened.stop();

  const fresh = join(home, 'fresh');
  mkdirSync(fresh);
  const leftover = join(fresh, `postgres.tmp-${dead}-abcdef`);
  mkdirSync(leftover);
  await (await openDatabase({ dataDir: fresh, settings: ['fsync=off'] })).stop();
  assert.equal(existsSync(leftover), false);
});

test('a second process adopts the server, and leaves it running when it goes', async () => {
  const { urls } = await startTenant();
  const lines: string[] = [];
  const adopted = await openDatabase({ dataDir, log: (line) => lines.push(line) });
  assert.deepEqual(adopted.urls, urls);
  assert.match(lines[0]!, /already runs/);
  await adopted.stop();
  assert.deepEqual(await withConnection(urls.owner, say('still here')), [{ said: 'still here' }]);
});

test('of processes that start at the same moment on an empty folder, all get the same server', async () => {
  const folder = join(home, 'race');
  const started = await Promise.all([1, 2, 3].map(() => startTenant('wait', { folder })));
  assert.equal(new Set(started.map(({ urls }) => urls.owner)).size, 1);
  assert.deepEqual(readdirSync(folder), ['postgres']);
  for (const { process: tenant } of started) tenant.kill('SIGKILL');
  await serverEnded(join(folder, 'postgres', 'data'));
});

test('SIGTERM stops the server cleanly', async () => {
  const { process: tenant } = await startTenant();
  tenant.kill('SIGTERM');
  assert.deepEqual(await once(tenant, 'exit'), [0, null]);
  assert.equal(findPostmaster(cluster), undefined);
  assert.equal(existsSync(join(cluster, 'postmaster.pid')), false);
});

for (const victim of ['the process', 'the server', 'both'] as const) {
  test(`kill -9 of ${victim} in the middle of writing loses no committed row`, async () => {
    const { process: tenant, lines } = await startTenant('write');
    const committed: string[] = [];
    for await (const line of lines) {
      committed.push(line);
      if (committed.length === 200) break;
    }
    const server = findPostmaster(cluster);
    assert.ok(server !== undefined);
    if (victim !== 'the process') process.kill(server.pid, 'SIGKILL');
    if (victim !== 'the server') tenant.kill('SIGKILL');
    await serverEnded(cluster);

    const opened = await openDatabase({ dataDir });
    const rows = await withConnection(opened.urls.owner, (db) => db.query<{ n: string }>('SELECT n FROM written'));
    await opened.stop();
    const found = new Set(rows.map(({ n }) => n));
    assert.deepEqual(
      committed.filter((n) => !found.has(n)),
      [],
    );
  });
}

test('who opened it learns that the server has gone', async () => {
  const opened = await openDatabase({ dataDir });
  process.kill(findPostmaster(cluster)!.pid, 'SIGKILL');
  const patience = setTimeout(() => undefined, 60_000); // waiting for a server does not by itself keep a process
  await opened.exited;
  clearTimeout(patience);
  await opened.stop();
});

test('works in a folder that only root can enter', { skip: process.getuid?.() !== 0 && 'not root' }, async () => {
  const closed = join(home, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const opened = await openDatabase({ dataDir: join(closed, 'data'), settings: ['fsync=off'] });
  assert.deepEqual(await withConnection(opened.urls.owner, say('hello')), [{ said: 'hello' }]);
  await opened.stop();
});

for (const [who, uid] of [
  ['a normal user', NOBODY],
  ['a user without a name', 4_242],
] as const) {
  test(`works for ${who}`, { skip: process.getuid?.() !== 0 && 'only root can become another user' }, async () => {
    const folder = join(home, `of-${uid}`);
    mkdirSync(folder);
    chownSync(folder, uid, uid);
    chmodSync(home, 0o711);
    const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const { urls } = await startTenant('wait', { folder, prefix });
    assert.deepEqual(await withConnection(urls.shepherd, say('hello')), [{ said: 'hello' }]);
    assert.equal(statSync(join(folder, 'postgres')).uid, uid);
    tenants[0]?.kill('SIGTERM');
    await once(tenants[0]!, 'exit');
  });
}

test('works as nobody where root may not have a user namespace', { skip: cannotBecomeNobody() }, async () => {
  const folder = join(home, 'nobody');
  chmodSync(home, 0o711);
  mkdirSync(folder, { mode: 0o711 });
  const refusing = join(home, 'bin');
  mkdirSync(refusing);
  writeFileSync(join(refusing, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const prefix = ['env', `PATH=${refusing}:${process.env['PATH'] ?? ''}`];
  const { urls } = await startTenant('wait', { folder, prefix });
  assert.deepEqual(await withConnection(urls.shepherd, say('hello')), [{ said: 'hello' }]);
  assert.equal(statSync(join(folder, 'postgres', 'data')).uid, NOBODY);
  tenants[0]?.kill('SIGTERM');
  await once(tenants[0]!, 'exit');
});

test('a lock is stale when its process id is now another program, as after a restart of a container', async () => {
  await (await openDatabase({ dataDir })).stop();
  const lock = join(cluster, 'postmaster.pid');
  writeFileSync(lock, `${process.pid}\n${cluster}\n1600000000\n5432\n\n127.0.0.1\n\nready\n`);
  const opened = await openDatabase({ dataDir });
  assert.deepEqual(await withConnection(opened.urls.owner, say('hello')), [{ said: 'hello' }]);
  await opened.stop();
});

test('a folder made by another version is left alone, with a sentence that says so', async () => {
  const folder = join(home, 'old');
  mkdirSync(join(folder, 'postgres', 'data'), { recursive: true });
  writeFileSync(join(folder, 'postgres', 'data', 'PG_VERSION'), '9\n');
  await assert.rejects(openDatabase({ dataDir: folder }), {
    code: 'DATABASE_UNAVAILABLE',
    message: /was made by PostgreSQL 9 and does not open with the PostgreSQL 17 found here/,
  });
});

test('a server that cannot start says why, in its own words', async () => {
  await assert.rejects(openDatabase({ dataDir, settings: ['shared_buffers=lots'] }), {
    code: 'DATABASE_UNAVAILABLE',
    message: /did not start in .*: .*shared_buffers/,
  });
});

test('a given URL is used as it is, for every service', async () => {
  const url = 'postgres://me@example.test/db';
  const opened = await openDatabase({ url, dataDir: '/nowhere' });
  assert.deepEqual(
    [opened.urls, opened.embedded, opened.exited],
    [{ owner: url, shepherd: url, estimator: url, metrics: url }, false, undefined],
  );
  await opened.stop();
});
