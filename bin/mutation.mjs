#!/usr/bin/env node
// npm run mutation [-- folder-or-file… [--force]]: plants faults one at a time and counts those that a test sees.
// Results go to bench/mutation/results.json and bench/results/mutation.md; DECISIONS.md says how it works.
// `--page` only writes the page anew, after a change of bench/mutation/accepted.json.
import { mkdirSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build.mjs';
import { prepare } from './prepare.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { force: { type: 'boolean', default: false }, page: { type: 'boolean', default: false } },
});
process.chdir(root);
prepare();
const { commitNow, report, writePage } = await import('./mutation/report.mjs');
if (values.page) {
  writePage();
  process.exit();
}
setPriority(15);
process.env.MUTATION_STATE = join(root, '.mutation');
mkdirSync(process.env.MUTATION_STATE, { recursive: true });
const { Stryker } = await import('@stryker-mutator/core');
const { chooseMutators } = await import('./mutation/mutators.mjs');
const { judgesOf, roomsOf } = await import('./mutation/rooms.mjs');

chooseMutators();
const rooms = roomsOf(positionals);
if (rooms.length === 0) {
  process.stderr.write(`nothing to mutate in ${positionals.join(', ')}\n`);
  process.exit(2);
}
for (const { room, files } of rooms) {
  const start = performance.now();
  const commit = commitNow();
  const testFiles = judgesOf(files);
  process.stdout.write(`${room}: ${files.length} files, judged by ${testFiles.length} test files\n`);
  const mutants = await new Stryker({
    mutate: files,
    testFiles,
    force: values.force,
    incrementalFile: join('.mutation', `${room.replaceAll('/', '-')}.json`),
    concurrency: availableParallelism(),
    logLevel: 'warn',
  }).runMutationTest();
  process.stdout.write(report({ room, files, mutants, commit, seconds: (performance.now() - start) / 1000 }));
}
process.exit();
