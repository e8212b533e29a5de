import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { connectionWithin, MIGRATION_LIMITS } from '../connection/limits.ts';
import { asUnavailable, isConnectionFailure } from '../connection/connectionFailure.ts';
import { listMigrations, type Migration } from './migrations.ts';
import { obstacleOf } from './version.ts';

const roles = new URL('./roles.sql', import.meta.url);

/** Any number will do, as long as every runner uses the same. */
const MIGRATION_LOCK = 7_316_422;

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Brings the database to this build's schema: our numbered migrations, then the grants of `roles.sql`. A database that a newer build
 * has migrated in a way that serves this one too is left as it is.
 * Safe when started by many at once: one works while the others wait for its lock and then find nothing left to do.
 * @param ownerUrl a login that owns the database (it needs CREATEROLE where the three roles do not exist yet).
 * @returns the numbers of the migrations that this call applied.
 * @throws ShepherdError DATABASE_UNAVAILABLE, SCHEMA_MISMATCH when the database is newer than this build can go by, or
 * INVALID_CONFIG when the login may not do it, with what to grant.
 */
export async function migrate(ownerUrl: string): Promise<number[]> {
  const client = new pg.Client(connectionWithin(MIGRATION_LIMITS, ownerUrl, 'shepherd migrate'));
  client.on('error', () => undefined); // the query under way, or the next one, rejects with the reason
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await applyMigrations(client);
  } catch (error) {
    if (isConnectionFailure(error)) throw asUnavailable(error, ownerUrl);
    throw isRefused(error) ? await whatToGrant(client, error) : error;
  } finally {
    await client.end().catch(() => undefined); // ends the session, and the lock with it
  }
}

async function applyMigrations(client: pg.Client): Promise<number[]> {
  const migrations = listMigrations();
  const build = migrations.at(-1)?.number ?? 0;
  const done = await listApplied(client);
  const number = Math.max(0, ...done.keys());
  if (number > build) {
    const obstacle = obstacleOf({ number, oldestBuild: Math.max(0, ...done.values()) }, build);
    if (obstacle !== undefined) throw new ShepherdError('SCHEMA_MISMATCH', obstacle);
    return []; // our grants would take away what newer tables were given
  }
  const due = migrations.filter((migration) => !done.has(migration.number));
  for (const migration of due) await inTransaction(client, () => apply(client, migration));
  await client.query(await readFile(roles, 'utf8'));
  return due.map((migration) => migration.number);
}

/** The numbers applied, each with the oldest build that it left able to go on. */
async function listApplied(client: pg.Client): Promise<ReadonlyMap<number, number>> {
  const { rows: tables } = await client.query(`SELECT to_regclass('public.schema_migrations') AS found`);
  const { found } = tables[0] as { found: string | null }; // one row, of one column
  if (found === null) {
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
    return new Map();
  }
  // The column came with migration 12.
  const { rows } = await client.query<{ number: number; oldest: number | null }>(
    `SELECT number, (to_jsonb(m) ->> 'oldest_build')::int AS oldest FROM schema_migrations AS m`,
  );
  return new Map(rows.map(({ number, oldest }) => [number, oldest ?? 0]));
}

async function apply(client: pg.Client, { number, statements, oldestBuild }: Migration): Promise<void> {
  await client.query('INSERT INTO schema_migrations (number) VALUES ($1)', [number]);
  await client.query(statements);
  if (oldestBuild > 0) {
    await client.query('UPDATE schema_migrations SET oldest_build = $1 WHERE number = $2', [oldestBuild, number]);
  }
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

function isRefused(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE;
}

/** The sentence for a login that may not do what a migration does: who must grant what. */
async function whatToGrant(client: pg.Client, refusal: pg.DatabaseError): Promise<ShepherdError> {
  const { rows } = await client.query<{ me: string; database: string; owner: string }>(
    `SELECT current_user AS me, datname AS database, datdba::regrole::text AS owner FROM pg_database WHERE datname = current_database()`,
  );
  const { me = 'this login', database = 'this database', owner = '' } = rows[0] ?? {};
  const name = pg.escapeIdentifier(me);
  const grant = /create role/i.test(refusal.message)
    ? `ALTER ROLE ${name} CREATEROLE;`
    : me === owner
      ? `GRANT CREATE, USAGE ON SCHEMA public TO ${name};`
      : `ALTER DATABASE ${pg.escapeIdentifier(database)} OWNER TO ${name};`;
  return new ShepherdError(
    'INVALID_CONFIG',
    `The login ${me} may not prepare the database ${database} (${refusal.message}); let a superuser run: ${grant}`,
    { cause: refusal },
  );
}
