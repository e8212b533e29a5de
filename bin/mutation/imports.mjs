import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const importsByFile = new Map();

/** Relative paths of JavaScript named in a built file: imports, workers, programs beside it. */
function importsOf(file) {
  let found = importsByFile.get(file);
  if (found === undefined) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    found = [...text.matchAll(/['"`](\.{1,2}\/[^'"`\n]+\.js)['"`]/g)].map(([, path]) => join(dirname(file), path));
    importsByFile.set(file, found);
  }
  return found;
}

/** All that a built file imports, directly or not, itself included: file → number of steps to it. */
export function closureOf(file) {
  const steps = new Map([[file, 0]]);
  for (const [each, distance] of steps) {
    for (const next of importsOf(each)) if (!steps.has(next)) steps.set(next, distance + 1);
  }
  return steps;
}
