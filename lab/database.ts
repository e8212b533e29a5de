import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createDatabase, type Database } from '../db/connection/client.ts';
import type { DatabaseUrls } from '../db/server/open.ts';
import type { TestServer } from './testServer.ts';

/** A migrated, empty database of a real PostgreSQL, for one test or one test file. */
export interface TestDatabase {
  readonly urls: DatabaseUrls;
  /** Connected as `shepherd_writer`, as the shepherd is. */
  readonly db: Database;
  /** Another connection as one of the logins; closed with the database. */
  readonly connectAs: (login: keyof DatabaseUrls) => Database;
  /** Closes the connections and drops the database. */
  close(): Promise<void>;
}

/** `test('…', async (t) => { const { db } = await withDatabase(t); … })`: a database that goes when the test ends. */
export async function withDatabase(t: { after(work: () => Promise<void>): void }): Promise<TestDatabase> {
  const database = await createTestDatabase();
  t.after(() => database.close());
  return database;
}

let created = 0;

/** For a whole file: make it in `before`, close it in `after`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { urls: templateUrls } = await joinServer();
  const name = `test_${process.pid}_${(created += 1)}`;
  const admin = maintenance(templateUrls.owner);
  await execute(
    admin,
    `CREATE DATABASE ${name} TEMPLATE shepherd`,
    // A database's own grants are not cloned with it.
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${name} TO shepherd_writer, shepherd_estimator, shepherd_metrics`,
  );
  const at = (url: string): string => url.replace(/\/shepherd$/, `/${name}`);
  const urls = {
    owner: at(templateUrls.owner),
    shepherd: at(templateUrls.shepherd),
    estimator: at(templateUrls.estimator),
    metrics: at(templateUrls.metrics),
  };
  const connections: Database[] = [];
  const connectAs = (login: keyof DatabaseUrls): Database => {
    const connection = createDatabase({ url: urls[login], applicationName: `test as ${login}` });
    connections.push(connection);
    return connection;
  };
  return {
    urls,
    db: connectAs('shepherd'),
    connectAs,
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
      await execute(admin, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** The owner's URL of a database with nothing in it, gone when the test ends. */
export async function createEmptyDatabase(t: { after(work: () => Promise<void>): void }): Promise<string> {
  const { urls } = await joinServer();
  const name = `empty_${process.pid}_${(created += 1)}`;
  await execute(maintenance(urls.owner), `CREATE DATABASE ${name}`);
  t.after(() => execute(maintenance(urls.owner), `DROP DATABASE ${name} WITH (FORCE)`));
  return urls.owner.replace(/\/shepherd$/, `/${name}`);
}

/** Where databases are made and dropped from. */
function maintenance(ownerUrl: string): string {
  return ownerUrl.replace(/\/shepherd$/, '/postgres');
}

async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

let joined: Promise<TestServer> | undefined;

/** The shared server, started if it does not run; it runs at least as long as this process. */
function joinServer(): Promise<TestServer> {
  joined ??= findOrStartServer();
  return joined;
}

const START_TIMEOUT_MS = 60_000;

async function findOrStartServer(): Promise<TestServer> {
  const folder = join(tmpdir(), `shepherd-test-${userInfo().uid}-${schemaDigest()}`);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const server = readServer(folder);
    if (server !== undefined && (await enter(server.port))) return server;
    if (makeFolder(folder)) start(folder);
    else removeIfAbandoned(folder);
    await pause(20);
  }
  throw new Error(`the shared test server did not start; see ${join(folder, 'log')}`);
}

/** A changed schema, or another checkout, gets a server of its own. */
function schemaDigest(): string {
  const db = fileURLToPath(new URL('../db/', import.meta.url));
  const hash = createHash('sha256')
    .update(db)
    .update(readFileSync(join(db, 'schema/roles.sql')));
  for (const name of readdirSync(join(db, 'schema/migrations')).sort())
    hash.update(readFileSync(join(db, 'schema/migrations', name)));
  return hash.digest('hex').slice(0, 12);
}

function readServer(folder: string): TestServer | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as TestServer; // written by testServer.ts alone
  } catch {
    return undefined; // not there yet
  }
}

/** Holds a connection to the server's process until this one ends. */
function enter(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.unref();
      resolve(true);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve(false);
    });
  });
}

/** Whoever makes the folder starts the server. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

function start(folder: string): void {
  const log = openSync(join(folder, 'log'), 'a');
  const program = fileURLToPath(new URL('./testServer.js', import.meta.url));
  const child = spawn(process.execPath, [program, folder], { detached: true, stdio: ['ignore', log, log] });
  writeFileSync(join(folder, 'pid'), String(child.pid));
  child.unref();
}

/** Removes the folder of a server that was killed. */
function removeIfAbandoned(folder: string): void {
  try {
    const age = Date.now() - statSync(folder).mtimeMs;
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    if (age > 1_000 && !isRunning(pid)) rmSync(folder, { recursive: true, force: true });
  } catch {
    // It is going or coming this very moment: look again.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
