import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const PROJECT = new URL('../../../', import.meta.url); // from dist/bench/peers
const PYTHON = new URL(
  process.platform === 'win32' ? '.peers/venv/Scripts/python.exe' : '.peers/venv/bin/python',
  PROJECT,
);

/** A script of this folder that answers each line of JSON on its standard input with one on its standard output. */
export interface PythonPeer {
  /** What it says of itself when it is ready. */
  readonly greeting: Readonly<Record<string, unknown>>;
  ask<Answer>(question: object): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Starts a peer on one thread in the environment that `npm run peers` makes; `undefined`, with a word on stderr, where that was not run.
 * @throws Error when the script ends instead of answering.
 */
export async function startPython(script: string): Promise<PythonPeer | undefined> {
  const python = fileURLToPath(PYTHON);
  if (!existsSync(python)) {
    process.stderr.write('The Python peers are not here (npm run peers): their bars are left out.\n');
    return undefined;
  }
  const one = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };
  const child = spawn(python, [fileURLToPath(new URL(`bench/peers/${script}`, PROJECT))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...one, CUDA_VISIBLE_DEVICES: '', TF_CPP_MIN_LOG_LEVEL: '3', TF_ENABLE_ONEDNN_OPTS: '1' },
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} ended without an answer`);
    return JSON.parse(value) as Answer; // as the script prints it
  };
  return {
    greeting: await next(),
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return next();
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
