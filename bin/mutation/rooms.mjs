import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closureOf } from './imports.mjs';
import { readCosts } from './testRunner.mjs';

const MUTATED = ['core', 'shepherd/run', 'db', 'estimator', 'metrics'];
const LEFT_OUT = ['core/model/kernel/assembly'];

/** These judge documents and the form of the sources, which planted faults change. */
const NO_JUDGES = ['test/project', 'test/grafana', 'test/compose'];

/** Test files worth this much processor time may judge one room, a sample of several or one planted fault, the nearest first. */
const BUDGET_SECONDS = { room: 120, sample: 150, fault: 60 };

function filesUnder(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}

/** The folders that hold sources to mutate, or those within what was asked for but for some, each with its own files. */
export function roomsOf(asked, except) {
  const rooms = new Map();
  const isWithin = (file) => (part) => file === part || file.startsWith(`${part.replace(/\/$/, '')}/`);
  for (const file of MUTATED.flatMap((folder) => filesUnder(folder, '.ts'))) {
    if ([...LEFT_OUT, ...except].some(isWithin(file))) continue;
    if (asked.length > 0 && !asked.some(isWithin(file))) continue;
    rooms.set(dirname(file), [...(rooms.get(dirname(file)) ?? []), file]);
  }
  return [...rooms].map(([room, files]) => ({ room, files }));
}

/** Test files that reach any of the sources by import, nearest first, within a budget. */
export function judgesOf(files, budget) {
  const built = files.map((file) => join('dist', file.replace(/\.ts$/, '.js')));
  const costs = readCosts();
  const reaching = filesUnder('test', '.test.ts')
    .filter((file) => !NO_JUDGES.some((folder) => file.startsWith(`${folder}/`)))
    .map((file) => {
      const steps = closureOf(join('dist', file.replace(/\.ts$/, '.js')));
      return {
        file,
        distance: Math.min(...built.map((each) => steps.get(each) ?? Infinity)),
        seconds: costs[file] ?? 3,
      };
    })
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance || a.seconds - b.seconds);
  let seconds = 0;
  return reaching.filter((each) => (seconds += each.seconds) <= BUDGET_SECONDS[budget]).map(({ file }) => file);
}
