import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ShepherdError } from '../../core/errors.ts';
import { commandLine } from './commandLine.ts';
import type { Binaries } from './binaries.ts';
import type { Identity } from './identity.ts';
import { isAlive } from './postmaster.ts';

/** One login of each role, with passwords made for this cluster. */
export interface Passwords {
  readonly postgres: string;
  readonly shepherd_writer: string;
  readonly shepherd_estimator: string;
  readonly shepherd_metrics: string;
}

/** A cluster's folder and what lies in it. */
export interface Cluster {
  /** PostgreSQL's own data folder. */
  readonly data: string;
  readonly log: string;
  readonly passwords: Passwords;
}

/**
 * The cluster in `folder`, made first if there is none. It is made beside and renamed, so that it is there whole or not at all,
 * however the making was interrupted and however many make it at once.
 * @throws ShepherdError DATABASE_UNAVAILABLE when it cannot be made, or was made by another major version of PostgreSQL.
 */
export function openCluster(folder: string, binaries: Binaries, identity: Identity, durable: boolean): Cluster {
  if (!existsSync(folder)) makeCluster(folder, binaries, identity, durable);
  const data = join(folder, 'data');
  const made = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8'));
  if (made !== binaries.major) {
    throw new ShepherdError(
      'DATABASE_UNAVAILABLE',
      `${folder} was made by PostgreSQL ${made} and does not open with the PostgreSQL ${binaries.major} found here; ` +
        `install PostgreSQL ${made}, or set DATA_DIR to another folder.`,
    );
  }
  // Written by `makeCluster` alone, in a file that only its owner can read or write.
  const passwords = JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as Passwords;
  return { data, log: join(folder, 'postgres.log'), passwords };
}

function makeCluster(folder: string, { initdb }: Binaries, { prefix, owner }: Identity, durable: boolean): void {
  mkdirSync(dirname(folder), { recursive: true });
  removeHalfMade(folder);
  const half = `${folder}.tmp-${process.pid}-${randomBytes(3).toString('hex')}`;
  mkdirSync(half, { mode: 0o700 });
  const passwords = makePasswords();
  const passwordFile = join(half, 'initdb-password');
  writeFileSync(join(half, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  writeFileSync(passwordFile, passwords.postgres, { mode: 0o600 });
  if (owner !== undefined) for (const path of [half, passwordFile]) chownSync(path, owner, owner);
  const options = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...(durable ? [] : ['--no-sync']),
  ];
  const [program, ...rest] = commandLine(prefix, initdb, [`--pgdata=${join(half, 'data')}`, ...options]);
  const { status, stderr, error } = spawnSync(program, rest, { encoding: 'utf8', cwd: '/' });
  if (status !== 0) {
    rmSync(half, { recursive: true, force: true });
    const why = (error?.message ?? lastLine(stderr)) + (owner === undefined ? '' : REACH);
    throw new ShepherdError('DATABASE_UNAVAILABLE', `A PostgreSQL cluster could not be made in ${folder}: ${why}.`);
  }
  rmSync(passwordFile);
  if (owner !== undefined) chmodSync(half, 0o711);
  try {
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process made it first: theirs is the one
  }
}

const REACH =
  '; PostgreSQL runs as the user "nobody" here, who must be able to enter DATA_DIR and the folder that Shepherd is installed in';

/** What an interrupted `makeCluster` left, told by the id of a process that is gone. */
function removeHalfMade(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    const maker = name.startsWith(`${basename(folder)}.tmp-`) ? Number(name.split('-').at(-2)) : Number.NaN;
    if (Number.isInteger(maker) && !isAlive(maker))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function makePasswords(): Passwords {
  const password = (): string => randomBytes(24).toString('base64url');
  return {
    postgres: password(),
    shepherd_writer: password(),
    shepherd_estimator: password(),
    shepherd_metrics: password(),
  };
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.replace(/\.$/, '') ?? 'no reason was given';
}
