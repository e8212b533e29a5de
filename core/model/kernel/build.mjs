// Compiles assembly/ to WebAssembly and writes it, as text in a module, to dist/core/model/kernel/wasm.generated.js:
// importing it needs no file access. Does nothing when the sources are those of the last run.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '../../../dist/core/model/kernel/wasm.generated.js');
const sources = new Map(
  readdirSync(join(here, 'assembly'))
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, readFileSync(join(here, 'assembly', name), 'utf8')]),
);
// No runtime, no memory management, no bounds assertions: the module is pure functions over the memory its caller lays out.
const shared = [
  'index.ts',
  '--runtime',
  'stub',
  '--noAssert',
  '-O3',
  '--converge',
  '--enable',
  'simd',
  '--outFile',
  'kernel.wasm',
];
/** Two modules of the same sources: for engines with relaxed SIMD, and with plain SIMD alone (assembly/madd.ts). */
const variants = {
  FUSED_BASE64: [...shared, '--enable', 'relaxed-simd', '--use', 'RELAXED=1'],
  SIMD_BASE64: [...shared, '--use', 'RELAXED=0'],
};

const stamp = createHash('sha256').update(asc.version).update(JSON.stringify(variants));
for (const [name, text] of sources) stamp.update('\0').update(name).update('\0').update(text);
const header = `// sources: ${stamp.digest('hex')}\n`;

if (!existsSync(output) || !readFileSync(output, 'utf8').startsWith(header)) {
  const texts = [];
  for (const [name, options] of Object.entries(variants)) {
    texts.push(`export const ${name} =\n  '${Buffer.from(await compile(options)).toString('base64')}';\n`);
  }
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, header + texts.join(''));
}

async function compile(options) {
  let wasm;
  const { error } = await asc.main(options, {
    stdout: process.stderr,
    stderr: process.stderr,
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (name, bytes) => {
      if (name === 'kernel.wasm') wasm = bytes;
    },
    listFiles: () => [],
  });
  if (error || !wasm) {
    process.stderr.write(`core/model/kernel: ${error?.message ?? 'no output'}\n`);
    process.exit(1);
  }
  return wasm;
}
