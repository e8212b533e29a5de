// Stryker's build command, run in its sandbox: the built files of the project, and in place of those whose TypeScript
// has been instrumented, these. Types were checked when the project was built.
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Stryker's counters look up and count at every expression; these are cheap enough to be inlined where nobody counts. */
const HEADER = `const stryNS_9fa48 = globalThis.__stryker__ ??= {};
stryNS_9fa48.activeMutant ??= process.env.__STRYKER_ACTIVE_MUTANT__ || undefined;
function stryMutAct_9fa48(id) {
  return stryNS_9fa48.activeMutant === id && stryHit_9fa48();
}
function stryHit_9fa48() {
  if (++stryNS_9fa48.hitCount > stryNS_9fa48.hitLimit) throw new Error('Hit count limit reached');
  return true;
}
function stryCov_9fa48(...ids) {
  const { hits } = stryNS_9fa48;
  if (hits !== undefined) for (const id of ids) hits[id] = (hits[id] ?? 0) + 1;
}
`;

function withOurHeader(text) {
  const start = text.indexOf('function stryNS_9fa48()');
  const end = 'return isActive(id);\n}';
  const after = text.indexOf(end, start);
  if (start === -1 || after === -1) throw new Error('Stryker has changed: its header is not where it was');
  return text.slice(0, start) + HEADER + text.slice(after + end.length);
}

const [built] = process.argv.slice(2);
cpSync(built, 'dist', { recursive: true });
const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync('tsconfig.json', 'utf8'));
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
const compilerOptions = { ...options, module: ts.ModuleKind.ESNext, sourceMap: false, inlineSourceMap: true };
for (const folder of ['core', 'db', 'shepherd', 'estimator', 'metrics']) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    if (!text.includes('stryMutAct_9fa48')) continue;
    const { outputText } = ts.transpileModule(withOurHeader(text), { fileName: file, compilerOptions });
    writeFileSync(join('dist', file.replace(/\.ts$/, '.js')), outputText);
  }
}
