import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { findPostmaster } from '../../../db/server/postmaster.ts';
import { openDatabase } from '../../../db/server/open.ts';
import { endTenants, say, serverEnded, startTenant, withConnection } from './tenants.ts';

// One cluster for the file, as making it costs the most; each test leaves it stopped.
const dataDir = mkdtempSync(join(tmpdir(), 'shepherd-recovery-'));
const cluster = join(dataDir, 'postgres', 'data');
afterEach(() => endTenants(cluster));
after(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

for (const victim of ['the process', 'the server', 'both'] as const) {
  test(`kill -9 of ${victim} in the middle of writing loses no committed row`, async () => {
    const { process: tenant, lines } = await startTenant(dataDir, { task: 'write' });
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

test('a lock is stale when its process id is now another program, as after a restart of a container', async (t) => {
  await (await openDatabase({ dataDir })).stop();
  const lock = join(cluster, 'postmaster.pid');
  // Not this process: PostgreSQL knows better than to take its own parent for a rival.
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
  t.after(() => other.kill());
  writeFileSync(lock, `${other.pid}\n${cluster}\n1600000000\n5432\n\n127.0.0.1\n\nready\n`);
  const opened = await openDatabase({ dataDir });
  assert.deepEqual(await withConnection(opened.urls.owner, say('hello')), [{ said: 'hello' }]);
  await opened.stop();
});
