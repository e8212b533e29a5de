import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { findPostmaster } from '../../../db/server/postmaster.ts';
import { openDatabase } from '../../../db/server/open.ts';
import { endTenants, say, startTenant, withConnection } from './tenants.ts';

// One cluster for the file, as making it costs the most; each test leaves it stopped.
const home = mkdtempSync(join(tmpdir(), 'shepherd-embedded-'));
const dataDir = join(home, 'data');
const cluster = join(dataDir, 'postgres', 'data');

afterEach(() => endTenants(cluster));
after(() => {
  rmSync(home, { recursive: true, force: true });
});

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
  const { urls } = await startTenant(dataDir);
  const lines: string[] = [];
  const adopted = await openDatabase({ dataDir, log: (line) => lines.push(line) });
  assert.deepEqual(adopted.urls, urls);
  assert.match(lines[0]!, /already runs/);
  await adopted.stop();
  assert.deepEqual(await withConnection(urls.owner, say('still here')), [{ said: 'still here' }]);
});

test('of processes that start at the same moment on an empty folder, all get the same server', async () => {
  const folder = join(home, 'race');
  const started = await Promise.all([1, 2, 3].map(() => startTenant(folder)));
  assert.equal(new Set(started.map(({ urls }) => urls.owner)).size, 1);
  assert.deepEqual(readdirSync(folder), ['postgres']);
  await endTenants(join(folder, 'postgres', 'data'));
});

test('SIGTERM stops the server cleanly', async () => {
  const { process: tenant } = await startTenant(dataDir);
  tenant.kill('SIGTERM');
  assert.deepEqual(await once(tenant, 'exit'), [0, null]);
  assert.equal(findPostmaster(cluster), undefined);
  assert.equal(existsSync(join(cluster, 'postmaster.pid')), false);
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
