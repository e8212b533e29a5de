// Stryker's build command, run in its sandbox: the built files of the project, and in place of those whose TypeScript
// has been instrumented, these. Types were checked when the project was built.
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transpile } from './transpile.mjs';

/**
 * Stryker's header looks up, compares texts and counts at every expression, which made numeric loops forty times slower.
 * Here a mutant is a number, compared in place, and reached mutants are counted only while somebody counts.
 */
const HEADER = `const stryNS_9fa48 = (globalThis.__stryker__ ??= {
  active: Number(process.env.__STRYKER_ACTIVE_MUTANT__ || -1),
  hitCount: 0,
  hitLimit: Infinity,
  counting: false,
  counts: new Uint32Array(1 << 15),
});
function stryHit_9fa48() {
  if (++stryNS_9fa48.hitCount > stryNS_9fa48.hitLimit) throw new Error('Hit count limit reached');
  return true;
}
function stryCov_9fa48() {
  for (let i = 0; i < arguments.length; i += 1) stryNS_9fa48.counts[arguments[i]] += 1;
}
`;

function withOurHeader(text) {
  const start = text.indexOf('function stryNS_9fa48()');
  const end = 'return isActive(id);\n}';
  const after = text.indexOf(end, start);
  if (start === -1 || after === -1) throw new Error('Stryker has changed: its header is not where it was');
  const body = text
    .slice(after + end.length)
    .replace(/\bstryMutAct_9fa48\("(\d+)"\)/g, '(stryNS_9fa48.active === $1 && stryHit_9fa48())')
    .replace(
      /\bstryCov_9fa48\(("\d+"(?:, "\d+")*)\)/g,
      (_, ids) => `(stryNS_9fa48.counting && stryCov_9fa48(${ids.replaceAll('"', '')}))`,
    );
  return text.slice(0, start) + HEADER + body;
}

const [built] = process.argv.slice(2);
cpSync(built, 'dist', { recursive: true });
for (const folder of ['core', 'db', 'shepherd', 'estimator', 'metrics']) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    if (!text.includes('stryMutAct_9fa48')) continue;
    writeFileSync(join('dist', file.replace(/\.ts$/, '.js')), transpile(file, withOurHeader(text)));
  }
}
