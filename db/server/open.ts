import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { connectionWithin, LIMITS } from '../connection/limits.ts';
import type { Passwords } from './cluster.ts';
import { startServer } from './server.ts';

/** Where each service connects, as the login that its work needs. */
export interface DatabaseUrls {
  /** Owns the database: for `migrate` alone. */
  readonly owner: string;
  readonly shepherd: string;
  readonly estimator: string;
  readonly metrics: string;
}

export interface OpenedDatabase {
  readonly urls: DatabaseUrls;
  /** Our own server in `dataDir`, rather than one that was given. */
  readonly embedded: boolean;
  /** Stops the embedded server if this process answers for it; a given or adopted server is left alone. */
  stop(): Promise<void>;
  /** Resolves when the embedded server has ended, asked or not. Absent for a given server. */
  readonly exited?: Promise<void>;
}

export interface OpenOptions {
  /** A server of the user's own (`DATABASE_URL`); absent or empty: the embedded one. */
  readonly url?: string | undefined;
  /** Login at `url`'s database that may change its tables; absent: the same. */
  readonly ownerUrl?: string | undefined;
  /** Folder in which the embedded server keeps everything; made when missing. */
  readonly dataDir: string;
  /** False: an embedded server that was never made is not made now. */
  readonly create?: boolean;
  readonly log?: (line: string) => void;
  /** Settings of the embedded server beside our own, as `name=value`. */
  readonly settings?: readonly string[];
}

/** The database in the embedded cluster. */
const NAME = 'shepherd';

/**
 * The database to use: the one at `url`, else our own PostgreSQL in `dataDir`, started here or adopted from another process.
 * It is not migrated yet: `migrate(urls.owner)` does that.
 * @throws ShepherdError DATABASE_UNAVAILABLE when the embedded server cannot be made or started; NO_DATABASE where none was made yet and
 * `create` is false.
 */
export async function openDatabase({
  url,
  ownerUrl,
  dataDir,
  create = true,
  log = () => undefined,
  settings,
}: OpenOptions): Promise<OpenedDatabase> {
  if (url !== undefined && url !== '') {
    const urls = { owner: ownerUrl ?? url, shepherd: url, estimator: url, metrics: url };
    return { urls, embedded: false, stop: () => Promise.resolve() };
  }
  const folder = join(resolve(dataDir), 'postgres');
  if (!create && !existsSync(folder)) {
    throw new ShepherdError(
      'NO_DATABASE',
      `There is no database in ${dataDir}. Set DATA_DIR to the folder of the shepherd you mean, or DATABASE_URL to its PostgreSQL; npm start makes one.`,
    );
  }
  const server = await startServer({ folder, log, ...(settings && { settings }) });
  try {
    await prepareLogins(server.port, server.passwords);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const urls = urlsOf(server.port, server.passwords, NAME);
  return { urls, embedded: true, stop: () => server.stop(), exited: server.exited };
}

/** The URLs of the four logins for one database of an embedded server. */
function urlsOf(port: number, passwords: Passwords, database: string): DatabaseUrls {
  const at = (user: keyof Passwords): string => `postgres://${user}:${passwords[user]}@127.0.0.1:${port}/${database}`;
  return {
    owner: at('postgres'),
    shepherd: at('shepherd_writer'),
    estimator: at('shepherd_estimator'),
    metrics: at('shepherd_metrics'),
  };
}

/** Makes the database and lets the three roles log in, once in a cluster's life; safe when done by several at once. */
async function prepareLogins(port: number, passwords: Passwords): Promise<void> {
  const { owner } = urlsOf(port, passwords, 'postgres');
  const client = new pg.Client(connectionWithin(LIMITS, owner, 'shepherd logins'));
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(1)');
    const { rows: roles } = await client.query<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles WHERE rolcanlogin AND rolname LIKE 'shepherd\\_%'`,
    );
    const known = new Set(roles.map(({ name }) => name));
    for (const role of ['shepherd_writer', 'shepherd_estimator', 'shepherd_metrics'] as const) {
      if (known.has(role)) continue;
      await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(passwords[role])}`);
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
  } finally {
    await client.end();
  }
}
