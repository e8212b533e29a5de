#!/usr/bin/env node
// npm test [-- path…]: builds, checks types, lint and format, runs every test, ends with "N passed, N failed".
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './build.mjs';
import { prepare } from './prepare.mjs';

prepare();
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const files = readdirSync(join(root, 'dist', 'test'), { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => join('dist', 'test', file))
  .filter((file) => only.length === 0 || only.some((part) => file.includes(part.replace(/\.ts$/, ''))))
  .sort();

let failures = 0;
if (only.length === 0) {
  for (const [name, script, ...args] of [
    ['lint', 'eslint/bin/eslint.js', '.'],
    ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ]) {
    const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    process.stdout.write(`${name}: ${status === 0 ? 'ok' : 'failed'}\n`);
    if (status !== 0) failures += 1;
  }
}

const runner = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${availableParallelism()}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    '--test-reporter-destination=stderr',
    ...files,
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'pipe'] },
);
let tap = '';
runner.stderr.setEncoding('utf8').on('data', (chunk) => (tap = (tap + chunk).slice(-20_000)));
const code = await new Promise((resolve) => runner.on('close', resolve));
const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
const failed = count('fail') + count('cancelled') + failures;
const skipped = count('skipped') + count('todo');
process.stdout.write(`${relative(process.cwd(), root) || '.'}: ${files.length} files\n`);
process.stdout.write(`${count('pass')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = code === 0 && failed === 0 && count('pass') > 0 ? 0 : 1;
