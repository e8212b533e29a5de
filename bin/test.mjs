#!/usr/bin/env node
// npm test [-- [--limit SECONDS] path…]: builds, checks types, lint and format, runs every test with tap,
// ends with "N passed, N failed".
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build.mjs';
import { prepare } from './prepare.mjs';

prepare();
const { Check, TestFile } = await import('./testProcess.mjs');
const { runTests } = await import('./testRun.mjs');

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string', default: '600' } },
});
const common = { cwd: root, limitMs: Number(values.limit) * 1000 };
const files = readdirSync(join(root, 'dist', 'test'), { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => join('dist', 'test', file))
  .filter((file) => only.length === 0 || only.some((part) => file.includes(part.replace(/\.ts$/, ''))))
  .sort();

// How long each took the last time: the longest begin first, so that none runs on alone at the end.
const memory = join(root, 'dist', '.test-seconds.json');
const seconds = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
const tests = files
  .toSorted((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0))
  .map((file) => [TestFile, { ...common, name: file, args: ['--enable-source-maps', '--test-reporter=tap', file] }]);

const checks = [
  ['lint', 'oxlint/bin/oxlint'],
  ['format', 'oxfmt/bin/oxfmt', '--check'],
].map(([name, script, ...args]) => [Check, { ...common, name, args: [join(root, 'node_modules', script), ...args] }]);

process.exitCode = await runTests(only.length === 0 ? [...checks, ...tests] : tests, {
  jobs: availableParallelism(),
  onEnd: (name, took) => (seconds[name] = took),
});
writeFileSync(memory, JSON.stringify(seconds));
