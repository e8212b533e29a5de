#!/usr/bin/env node
// npm run bench -- <name> --json
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.mjs';
import { prepare } from './prepare.mjs';

prepare();
const [name, ...rest] = process.argv.slice(2);
const folder = join(root, 'dist', 'bench');
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.js'))
  .map((file) => file.replace('.bench.js', ''));
if (!name || name.startsWith('-') || !existsSync(join(folder, `${name}.bench.js`))) {
  process.stderr.write(`usage: npm run bench -- <name> [--json]\nnames: ${known.join(', ')}\n`);
  process.exit(name === '--help' || name === '-h' ? 0 : 2);
}
process.argv.splice(2, process.argv.length, ...rest);
await import(join(folder, `${name}.bench.js`));
