import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findBinaries } from '../../../db/server/binaries.ts';
import { openDatabase } from '../../../db/server/open.ts';
import { say, startTenant, withConnection } from './tenants.ts';

const NOBODY = 65_534;

const home = mkdtempSync(join(tmpdir(), 'shepherd-identity-'));
after(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Why the test as `nobody` has to be left out, if it has to. */
function cannotBecomeNobody(): string | false {
  if (process.getuid?.() !== 0) return 'only root steps down';
  const command = [`--reuid=${NOBODY}`, '--clear-groups', findBinaries().postgres, '--version'];
  return spawnSync('setpriv', command).status !== 0 && 'nobody cannot reach the folder of this checkout';
}

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
    const { urls, process: tenant } = await startTenant(folder, { prefix });
    assert.deepEqual(await withConnection(urls.shepherd, say('hello')), [{ said: 'hello' }]);
    assert.equal(statSync(join(folder, 'postgres')).uid, uid);
    tenant.kill('SIGTERM');
    await once(tenant, 'exit');
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
  const { urls, process: tenant } = await startTenant(folder, { prefix });
  assert.deepEqual(await withConnection(urls.shepherd, say('hello')), [{ said: 'hello' }]);
  assert.equal(statSync(join(folder, 'postgres', 'data')).uid, NOBODY);
  tenant.kill('SIGTERM');
  await once(tenant, 'exit');
});
