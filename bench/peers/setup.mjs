// npm run peers: PyTorch, Keras and FastAPI as PyPI has them, in .peers/ (about 6 GB: PyPI's PyTorch for Linux brings its CUDA
// libraries, and does not start without them). Does nothing when they are there already. The benches use what they find.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = fileURLToPath(new URL('requirements.txt', import.meta.url));
const folder = join(dirname(wanted), '../../.peers');
const installed = join(folder, 'requirements.txt');
const python = join(folder, 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.\n`);
  process.exit(1);
}

if (!existsSync(installed) || !readFileSync(installed).equals(readFileSync(wanted))) {
  rmSync(folder, { recursive: true, force: true });
  run(process.env.PYTHON ?? 'python3', ['-m', 'venv', join(folder, 'venv')]); // 3.11 or newer
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--disable-pip-version-check', '-r', wanted]);
  copyFileSync(wanted, installed);
}
