import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../helpers/projectRoot.ts';
import { unreachedExports } from './reached.ts';

const FOLDERS = ['core', 'db', 'service', 'shepherd', 'estimator', 'metrics', 'grafana', 'bin'];

/** Where production begins. */
const ENTRIES = [
  'bin/start.ts',
  'shepherd/main.ts',
  'shepherd/cli/cliMain.ts',
  'estimator/main.ts',
  'metrics/main.ts',
  'grafana/build.ts',
];

/** What tests or benches alone speak of, and why it stands in production code. */
const ALLOWED: Readonly<Record<string, string>> = {
  'core/random.ts normal': 'the draw of every simulated series; it stands beside the generator that it draws from',
};

test('every export of production code is spoken of by something that an entry comes to', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('assembly'))
      .map((name) => join(projectRoot, folder, name)),
  );
  const entries = ENTRIES.map((entry) => join(projectRoot, entry));
  const unreached = unreachedExports(files, entries).map((each) => relative(projectRoot, each));
  assert.deepEqual(unreached.sort(), Object.keys(ALLOWED).sort());
});

test('an export is reached through what an entry runs, imports, names again or starts as a file, and not by a name alone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reached-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const sources = {
    'entry.ts': `import { used as renamed } from './a.ts'; import './effect.ts'; renamed(); new Worker('./worker.js');`,
    'a.ts': `import { deep } from './b.ts'; export const used = () => deep; export function dead() { return onlyDead(); }
      export function onlyDead() { return box.deep; } export interface Idle { deep: string }`,
    'b.ts': `export const deep = 1; export const box = { dead: 1 };`,
    'effect.ts': `import { run } from './c.ts'; run();`,
    'c.ts': `export function run() {} export function rest() {}`,
    'worker.ts': `export default 1; export const all = 1;`,
  };
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  const files = Object.keys(sources).map((name) => join(folder, name));
  assert.deepEqual(
    unreachedExports(files, [join(folder, 'entry.ts')])
      .map((each) => relative(folder, each))
      .sort(),
    ['a.ts Idle', 'a.ts dead', 'a.ts onlyDead', 'b.ts box', 'c.ts rest'],
  );
});
