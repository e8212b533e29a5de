import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../helpers/projectRoot.ts';

const programs = join(projectRoot, '.clients', 'venv', process.platform === 'win32' ? 'Scripts' : 'bin');
const python = join(programs, process.platform === 'win32' ? 'python.exe' : 'python');

/** Options for a test that runs other people's clients: skipped with a sentence where they are not installed, except in CI. */
export const withClients: { skip: string | false } = {
  skip:
    !existsSync(python) &&
    process.env['CI'] !== 'true' &&
    'the Python clients are not installed (npm run clients, a minute)',
};

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function finish(command: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUTF8: '1', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>, // what the event gives
  ]);
  return { code, stdout, stderr };
}

/** Runs a program that a Python package has installed. */
export function runProgram(name: string, args: readonly string[]): Promise<Ended> {
  return finish(join(programs, process.platform === 'win32' ? `${name}.exe` : name), args);
}

/** Runs a script of this folder with its arguments as JSON. @returns what it prints, read as JSON. @throws Error with what it said where it fails. */
export async function runScript<Answer>(script: string, ...args: readonly unknown[]): Promise<Answer> {
  const path = join(projectRoot, 'test', 'clients', script);
  const { code, stdout, stderr } = await finish(python, [path, ...args.map((each) => JSON.stringify(each))]);
  if (code !== 0) throw new Error(`${script} ended with ${code ?? 'a signal'}:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as Answer; // as the script prints it
}
