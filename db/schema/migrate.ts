import { readFile, readdir } from 'node:fs/promises';
import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { connectionWithin, MIGRATION_LIMITS } from '../connection/limits.ts';
import { asUnavailable, isConnectionFailure } from '../connection/connectionFailure.ts';

const folder = new URL('./migrations/', import.meta.url);
const roles = new URL('./roles.sql', import.meta.url);

/** Any number will do, as long as every runner uses the same. */
const MIGRATION_LOCK = 7_316_422;

/**
 * Brings the database to this build's schema: our numbered migrations, then the grants of `roles.sql`.
 * Safe when started by many at once: one works while the others wait for its lock and then find nothing left to do.
 * @param ownerUrl a login that owns the database (it needs CREATEROLE where the three roles do not exist yet).
 * @returns the numbers of the migrations that this call applied.
 * @throws ShepherdError DATABASE_UNAVAILABLE, or INVALID_CONFIG when the database is newer than this build.
 */
export async function migrate(ownerUrl: string): Promise<number[]> {
  const client = new pg.Client(connectionWithin(MIGRATION_LIMITS, ownerUrl, 'shepherd migrate'));
  client.on('error', () => undefined); // the query under way, or the next one, rejects with the reason
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await applyMigrations(client);
    await client.query(await readFile(roles, 'utf8'));
    return applied;
  } catch (error) {
    throw isConnectionFailure(error) ? asUnavailable(error, ownerUrl) : error;
  } finally {
    await client.end().catch(() => undefined); // ends the session, and the lock with it
  }
}

async function applyMigrations(client: pg.Client): Promise<number[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows } = await client.query<{ number: number }>('SELECT number FROM schema_migrations');
  const done = new Set(rows.map(({ number }) => number));
  const files = (await readdir(folder)).filter((name) => /^\d{6}\.sql$/.test(name)).sort();
  const migrations = files.map((name) => ({ name, number: Number(name.slice(0, 6)) }));
  refuseNewer(Math.max(0, ...done), Math.max(0, ...migrations.map(({ number }) => number)));
  const applied: number[] = [];
  for (const { name, number } of migrations) {
    if (done.has(number)) continue;
    const statements = await readFile(new URL(name, folder), 'utf8');
    await inTransaction(client, async () => {
      await client.query('INSERT INTO schema_migrations (number) VALUES ($1)', [number]);
      await client.query(statements);
    });
    applied.push(number);
  }
  return applied;
}

function refuseNewer(database: number, build: number): void {
  if (database <= build) return;
  throw new ShepherdError(
    'INVALID_CONFIG',
    `The database is at migration ${database} but this build knows only ${build}; run the build that made it, or a newer one.`,
  );
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
