// Compiles TypeScript to dist/ and puts beside it the files the compiler does not carry (SQL, page, kernel).
// Does nothing when dist/ already matches the sources, so every command can call it first.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = [
  'core',
  'db',
  'service',
  'shepherd',
  'estimator',
  'metrics',
  'grafana',
  'bench',
  'lab',
  'test',
  'web',
  'bin',
];
const stampFile = join(root, 'dist', '.stamp');

function sourceFiles() {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files, join(root, 'tsconfig.json'), join(root, 'package-lock.json')]) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Removes compiled files whose source is gone, so that a deleted test does not go on running. */
function removeOrphans(files) {
  const wanted = new Set(files.filter((f) => f.endsWith('.ts')).map((f) => relative(root, f).replace(/\.ts$/, '.js')));
  for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const name = relative(join(root, 'dist'), path);
    if (!wanted.has(name) && !name.includes('generated')) rmSync(path);
  }
}

export function build({ quiet = false } = {}) {
  const files = sourceFiles();
  const stamp = stampOf(files);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!quiet) process.stderr.write('building…\n');
  mkdirSync(join(root, 'dist'), { recursive: true });
  removeOrphans(files);
  for (const file of files) {
    if (!/\.(sql|html|css|svg|json|csv)$/.test(file) || file.includes('fixtures')) continue;
    const target = join(root, 'dist', relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(file, target);
  }
  run(process.execPath, [join(root, 'web/build.mjs')]);
  const kernel = join(root, 'core/model/kernel/build.mjs');
  if (existsSync(kernel)) run(process.execPath, [kernel]);
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.json')]);
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'web/tsconfig.json')]);
  writeFileSync(stampFile, stamp);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) build();
