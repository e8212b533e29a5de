// Which mutants a measurement plants where all of them would take hours: `--sample 150 --seed 1`.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commonTokens } from '@stryker-mutator/api/plugin';
import { allMutators, instrumenter } from './mutators.mjs';

const { createInstrumenter } = await import(pathToFileURL(instrumenter));
const { createInjector } = createRequire(instrumenter)('typed-inject');

/**
 * Draws `size` of the mutants of some files, each with the same chance, and has Stryker make only these from now on. Answers how
 * many there are in each file, drawn or not. What is drawn hangs on the seed and a mutant's own file and code, not on its place:
 * a change draws anew in what it changed alone.
 */
export async function drawSample(files, { size, seed }) {
  const draws = new Map(files.map((file) => [file, []]));
  let repeats = new Map();
  let isDrawn = (draw, file) => draws.get(file).push(draw) > 0;
  for (const mutator of allMutators) {
    const { mutate, name } = mutator;
    mutator.mutate = function* (path) {
      const { opts, code } = path.hub.file;
      const file = relative('.', opts.filename);
      let count = 0;
      for (const replacement of mutate(path)) {
        const what = `${seed} ${file} ${name} ${(count += 1)} ${code.slice(path.node.start, path.node.end)}`;
        repeats.set(what, (repeats.get(what) ?? 0) + 1);
        const draw = createHash('sha256')
          .update(`${what} ${repeats.get(what)}`)
          .digest('hex');
        if (isDrawn(draw, file)) yield replacement;
      }
    };
  }
  const silent = Object.fromEntries(
    ['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]),
  );
  const log = { ...silent, isDebugEnabled: () => false };
  const instrument = createInjector().provideValue(commonTokens.logger, log).injectFunction(createInstrumenter);
  const sources = files.map((file) => ({ name: resolve(file), mutate: true, content: readFileSync(file, 'utf8') }));
  await instrument.instrument(sources, { plugins: null, excludedMutations: [], ignorers: [] });

  const last = [...draws.values()].flat().sort()[size - 1];
  repeats = new Map();
  isDrawn = (draw) => last === undefined || draw <= last;
  return Object.fromEntries([...draws].map(([file, { length }]) => [file, length]));
}
