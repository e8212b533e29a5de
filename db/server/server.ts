import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ShepherdError } from '../../core/errors.ts';
import type { NonEmpty } from '../../core/nonEmpty.ts';
import { commandLine } from './commandLine.ts';
import { findBinaries } from './binaries.ts';
import { lastLine, openCluster, type Cluster, type Passwords } from './cluster.ts';
import { chooseDeathSignal, chooseIdentity } from './identity.ts';
import { findPostmaster, isAlive, removeStaleLock, type Postmaster } from './postmaster.ts';

/** A running server on loopback. */
export interface Server {
  readonly port: number;
  readonly passwords: Passwords;
  /** This process answers for it; else another one does and `stop` leaves it alone. */
  readonly owned: boolean;
  /** Resolves when the server has ended, asked or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Server settings beside our own, such as `fsync=off` in tests. */
  readonly settings?: readonly string[];
}

const START_TIMEOUT_MS = 60_000; // recovery after a crash replays at most one checkpoint's worth
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
const LOG_LIMIT_BYTES = 1_000_000; // it is looked at when a start fails

/**
 * Starts the PostgreSQL of `folder`, or adopts one that runs there already.
 * @throws ShepherdError DATABASE_UNAVAILABLE with the server's own last words.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { folder, log, settings = [] } = options;
  const binaries = findBinaries();
  const identity = chooseIdentity();
  const cluster = openCluster(folder, binaries, identity, !settings.includes('fsync=off'));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const running = findPostmaster(cluster.data);
    if (running !== undefined) {
      const ready = await waitUntilReady(cluster, running, deadline);
      if (ready !== undefined) return adopt(cluster, folder, ready, log);
      continue; // it was on its way out
    }
    removeStaleLock(cluster.data);
    const port = await findFreePort();
    const prefix = [...identity.prefix, ...chooseDeathSignal()];
    const command = commandLine(prefix, binaries.postgres, argumentsOf(cluster, port, settings));
    const child = launch(command, cluster);
    const ready = await waitUntilReady(cluster, { pid: child.pid ?? 0, port, ready: false }, deadline);
    if (ready !== undefined && ready.pid === child.pid) {
      writeFileSync(join(folder, 'launcher.pid'), String(process.pid));
      log(`PostgreSQL ${binaries.major} runs in ${folder}, on port ${ready.port} of loopback`);
      return own(child, cluster, ready);
    }
    const lastWords = fatalOf(readFileSync(cluster.log, 'utf8'));
    if (!PASSING.test(lastWords) || Date.now() > deadline) {
      throw new ShepherdError('DATABASE_UNAVAILABLE', `PostgreSQL did not start in ${folder}: ${lastWords}.`);
    }
    await pause(POLL_MS);
  }
}

/**
 * Refusals that pass by themselves: another process was faster, processes of a killed server are still ending, the port was taken.
 * The server gives no codes before it runs; its messages are in English as its clusters are made with the C locale.
 */
const PASSING = /lock file .* already exists|shared memory block|could not create any TCP/;

function argumentsOf(cluster: Cluster, port: number, settings: readonly string[]): string[] {
  // No socket in /tmp, where another user could wait in its place; loopback only, with passwords.
  const own = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'];
  return ['-D', cluster.data, '-p', String(port), ...[...own, ...settings].flatMap((setting) => ['-c', setting])];
}

function launch([program, ...options]: NonEmpty<string>, { log }: Cluster): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  if (fstatSync(output).size > LOG_LIMIT_BYTES) ftruncateSync(output);
  // A session of its own: Ctrl-C on the terminal reaches us, and we stop the server after those who use it.
  const child = spawn(program, options, { cwd: '/', stdio: ['ignore', output, output], detached: true });
  child.on('error', () => undefined); // seen as an exit
  child.unref(); // whoever forgets to stop it still ends, and the server with them
  closeSync(output);
  return child;
}

/** The postmaster once it accepts connections; `undefined` when it ended instead. */
async function waitUntilReady(
  { data }: Cluster,
  expected: Postmaster,
  deadline: number,
): Promise<Postmaster | undefined> {
  while (Date.now() < deadline) {
    const found = findPostmaster(data);
    if (found?.ready === true) return found;
    if (!isAlive(expected.pid)) return undefined;
    await pause(POLL_MS);
  }
  return undefined;
}

function own(child: ChildProcess, { data, passwords }: Cluster, { pid, port }: Postmaster): Server {
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once('exit', () => {
      resolve();
    });
  });
  return { port, passwords, owned: true, exited, stop: () => stop(pid, data, exited) };
}

function adopt(
  { data, passwords }: Cluster,
  folder: string,
  { pid, port }: Postmaster,
  log: (line: string) => void,
): Server {
  const exited = watchForExit(pid);
  const launcher = join(folder, 'launcher.pid');
  const owned = !existsSync(launcher) || !isAlive(Number(readFileSync(launcher, 'utf8')));
  // Where nothing ends the server with its launcher, it outlives a kill -9: the next one answers for it.
  if (owned) writeFileSync(launcher, String(process.pid));
  log(`PostgreSQL already runs in ${folder}, on port ${port} of loopback${owned ? '; it had been left behind' : ''}`);
  return { port, passwords, owned, exited, stop: owned ? () => stop(pid, data, exited) : () => Promise.resolve() };
}

/** SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back and everything is written. */
async function stop(pid: number, data: string, exited: Promise<void>): Promise<void> {
  const patience = setTimeout(() => {
    signal(pid, 'SIGQUIT'); // gives up waiting; the next start recovers from the write-ahead log
  }, STOP_TIMEOUT_MS);
  signal(pid, 'SIGINT');
  await exited;
  clearTimeout(patience);
  if (findPostmaster(data) === undefined) rmSync(join(data, '..', 'launcher.pid'), { force: true });
}

function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name);
}

async function watchForExit(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(100, undefined, { ref: false });
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The reason in the last start's part of a log. */
function fatalOf(log: string): string {
  return log.match(/(?<=FATAL: {2}).*/g)?.at(-1) ?? lastLine(log);
}
