// Preloaded, by NODE_OPTIONS, in every process and thread of a test file. In those that the test starts it counts how
// often each mutant is reached, and writes it where the test's own process finds it.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

// As in the header of instrumented sources, which sandbox.mjs writes.
const state = (globalThis.__stryker__ = {
  active: Number(process.env.__STRYKER_ACTIVE_MUTANT__ || -1),
  hitCount: 0,
  hitLimit: Infinity,
  counting: false,
  counts: new Uint32Array(1 << 15),
});
const { MUTATION_HITS: folder } = process.env;
const isResident = threadId === 0 && process.argv[1]?.endsWith('resident.mjs');
if (folder !== undefined && !isResident) {
  state.counting = true;
  let saved = '';
  const save = () => {
    const text = JSON.stringify(Object.fromEntries([...state.counts.entries()].filter(([, count]) => count > 0)));
    if (text === saved || text === '{}') return;
    saved = text;
    const file = join(folder, `${process.pid}-${threadId}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  };
  process.on('exit', save);
  setInterval(save, 200).unref(); // for those that are ended from outside
}
