import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LEAST_POSTGRESQL } from '../../../db/connection/limits.ts';
import { findBinaries, restoreLinks } from '../../../db/server/binaries.ts';

test('links that an install without scripts did not make are made, relative and once', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'shepherd-links-'));
  t.after(() => {
    rmSync(root, { recursive: true });
  });
  mkdirSync(join(root, 'native', 'lib'), { recursive: true });
  writeFileSync(join(root, 'native', 'lib', 'libx.so.1.2'), 'library');
  const links = [
    { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' },
    { source: 'native/lib/libx.so.1', target: 'native/lib/libx.so' },
  ];
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  restoreLinks(root);
  restoreLinks(root);
  assert.equal(readFileSync(join(root, 'native', 'lib', 'libx.so'), 'utf8'), 'library');
  assert.equal(readlinkSync(join(root, 'native', 'lib', 'libx.so')), 'libx.so.1'); // still right when the folder is moved
});

test('a PostgreSQL is found, with both programs and its major version', () => {
  const { initdb, postgres, major } = findBinaries();
  assert.match(initdb, /initdb(\.exe)?$/);
  assert.match(postgres, /postgres(\.exe)?$/);
  assert.ok(major >= LEAST_POSTGRESQL);
});
