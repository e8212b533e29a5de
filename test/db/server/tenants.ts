import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database } from '../../../db/connection/client.ts';
import { chooseDeathSignal } from '../../../db/server/identity.ts';
import { findPostmaster, isAlive } from '../../../db/server/postmaster.ts';
import type { DatabaseUrls } from '../../../db/server/open.ts';

const TENANT = fileURLToPath(new URL('./tenant.js', import.meta.url));

/** A process of its own that has opened the embedded database (see tenant.ts). */
export interface Tenant {
  readonly process: ChildProcess;
  readonly urls: DatabaseUrls;
  readonly lines: Interface;
}

const tenants: ChildProcess[] = [];

/** Ends all tenants, and waits for the server of a cluster to be gone. */
export async function endTenants(data: string): Promise<void> {
  for (const tenant of tenants.splice(0)) tenant.kill('SIGKILL');
  await serverEnded(data);
}

/** Starts a tenant in a process of its own and waits until it has the database. */
export async function startTenant(
  folder: string,
  { task = 'wait', prefix = [] }: { task?: 'wait' | 'write'; prefix?: readonly string[] } = {},
): Promise<Tenant> {
  const [program, ...rest] = [...prefix, process.execPath, TENANT, folder, task];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', task === 'write' ? 'ignore' : 'inherit'] });
  tenants.push(child);
  const lines = createInterface({ input: child.stdout });
  const [first]: unknown[] = await Promise.race<Promise<unknown[]>[]>([
    once(lines, 'line'),
    once(child, 'exit').then(([code]: unknown[]): never => {
      throw new Error(`the tenant ended with ${String(code)} before it had a database`);
    }),
  ]);
  return { process: child, urls: JSON.parse(String(first)) as DatabaseUrls, lines }; // tenant.ts prints them
}

/** Waits for the server of a cluster to be gone; where nothing ends it with its parent, ends it. */
export async function serverEnded(data: string): Promise<void> {
  const server = findPostmaster(data);
  if (server === undefined) return;
  if (chooseDeathSignal().length === 0) process.kill(server.pid, 'SIGINT');
  while (isAlive(server.pid)) await pause(10);
}

export async function withConnection<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = createDatabase({ url, applicationName: 'test' });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** A query that shows who listens. */
export const say =
  (text: string) =>
  (db: Database): Promise<unknown[]> =>
    db.query('SELECT $1 AS said', [text]);
