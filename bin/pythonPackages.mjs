// node bin/pythonPackages.mjs FOLDER REQUIREMENTS: Python packages from PyPI in an environment of their own, FOLDER/venv
// (npm run peers, npm run clients). Does nothing when they are there already. What stands in `alone.txt` beside the
// requirements is installed without what it depends on.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder, wanted] = process.argv.slice(2, 4).map((path) => resolve(root, path));
const python = join(folder, 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const alone = join(dirname(wanted), 'alone.txt');
const lists = [wanted, alone].filter((list) => existsSync(list));
const installed = (list) => join(folder, list === alone ? 'alone.txt' : 'requirements.txt');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.\n`);
  process.exit(1);
}

const isInstalled = (list) => existsSync(installed(list)) && readFileSync(installed(list)).equals(readFileSync(list));

if (!lists.every(isInstalled)) {
  rmSync(folder, { recursive: true, force: true });
  const base = process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3'); // 3.11 or newer
  run(base, ['-m', 'venv', join(folder, 'venv')]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--disable-pip-version-check'];
  for (const list of lists) run(python, [...pip, ...(list === alone ? ['--no-deps'] : []), '-r', list]);
  for (const list of lists) copyFileSync(list, installed(list));
}
