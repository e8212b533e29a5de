#!/usr/bin/env node
// npm run mutation [-- folder-or-file… [--except folder]… [--sample N --seed S] [--force] [--jobs N]]: plants faults one at a time and
// counts those that a test sees. With --sample it plants so many of one folder, drawn at random.
// Results go to bench/mutation/results.json and bench/results/mutation.md; DECISIONS.md says how it works.
// `--faults [--by test-file]…` plants the faults of bench/mutation/faults.json instead, and exits with 1 where one is not seen.
// `--page` only writes the page anew, after a change of bench/mutation/accepted.json.
import { mkdirSync } from 'node:fs';
import { availableParallelism, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build.mjs';
import { prepare } from './prepare.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    except: { type: 'string', multiple: true, default: [] },
    force: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
    by: { type: 'string', multiple: true, default: [] },
    page: { type: 'boolean', default: false },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
process.chdir(root);
prepare();
const { commitNow, report, writePage } = await import('./mutation/report.mjs');
if (values.page) {
  writePage();
  process.exit();
}
setPriority(Math.max(15, getPriority()));
process.env.MUTATION_STATE = join(root, '.mutation');
mkdirSync(process.env.MUTATION_STATE, { recursive: true });
if (values.faults) {
  const { plantFaults } = await import('./mutation/faults.mjs');
  process.exit((await plantFaults(positionals, values.by)) === 0 ? 0 : 1);
}
const { Stryker } = await import('@stryker-mutator/core');
const { chooseMutators } = await import('./mutation/mutators.mjs');
const { judgesOf, roomsOf } = await import('./mutation/rooms.mjs');
const { drawSample } = await import('./mutation/sample.mjs');

chooseMutators();
const rooms = roomsOf(positionals, values.except);
if (rooms.length === 0) {
  process.stderr.write(`nothing to mutate in ${positionals.join(', ')}\n`);
  process.exit(2);
}
if (values.sample === undefined) {
  for (const { room, files } of rooms) await measure({ room, files, judges: judgesOf(files, 'room') });
} else {
  const [room] = positionals;
  if (positionals.length !== 1) {
    process.stderr.write('a sample is drawn from one folder\n');
    process.exit(2);
  }
  const files = rooms.flatMap((each) => each.files);
  const sample = { seed: values.seed, of: await drawSample(files, { size: Number(values.sample), seed: values.seed }) };
  await measure({ room, files, judges: judgesOf(files, 'sample'), sample });
}
process.exit();

async function measure({ room, files, judges, sample }) {
  const start = performance.now();
  const commit = commitNow();
  process.stdout.write(`${room}: ${files.length} files, judged by ${judges.length} test files\n`);
  const mutants = await new Stryker({
    mutate: files,
    testFiles: judges,
    force: values.force,
    incrementalFile: join('.mutation', `${room.replaceAll('/', '-')}${sample === undefined ? '' : '-sample'}.json`),
    concurrency: Number(values.jobs),
    logLevel: 'warn',
  }).runMutationTest();
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(report({ room, files, mutants, commit, seconds, sample }));
}
