// Makes a fresh clone ready: installs the locked packages when they are missing or out of date, then builds.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, root } from './build.mjs';

const MINIMUM = [20, 19];

export function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    process.stderr.write(`Shepherd needs Node ${MINIMUM.join('.')} or newer; this is ${process.version}.\n`);
    process.exit(1);
  }
  install();
  build();
}

function install() {
  const stamp = join(root, 'node_modules', '.shepherd-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('installing packages…\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // `npm_execpath` is the npm that runs this script; a bare `npm` serves when started by hand.
  const npm = process.env.npm_execpath;
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) {
    process.stderr.write(`npm ci failed${error ? `: ${error.message}` : ''}; the lines above say why.\n`);
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
