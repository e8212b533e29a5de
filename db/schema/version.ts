import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { asUnavailable, isConnectionFailure } from '../connection/connectionFailure.ts';
import { connectionWithin, LIMITS } from '../connection/limits.ts';
import type { WaitOptions } from '../connection/waitForDatabase.ts';
import { listMigrations } from './migrations.ts';

/** Where a database stands, beside the number of the newest migration that a build knows. */
export interface SchemaVersion {
  readonly number: number;
  /** Builds that know less than this number cannot go on. */
  readonly oldestBuild: number;
}

const UNDEFINED_TABLE = '42P01';

/**
 * What keeps a build from working with a database, as a sentence; undefined where nothing does.
 * A database ahead of a build serves it as well, until a migration says that it does not: so the migrator runs first.
 */
export function obstacleOf(database: SchemaVersion, build: number): string | undefined {
  if (database.number < build) {
    const stands = database.number === 0 ? 'has no tables yet' : `is at migration ${database.number}`;
    return `The database ${stands} and this build needs migration ${build}; run: npx shepherd migrate, with OWNER_DATABASE_URL set to a login that owns it.`;
  }
  if (database.oldestBuild <= build) return undefined;
  return `The database is at migration ${database.number} but this build knows only ${build}; run the build that made it, or a newer one.`;
}

/**
 * Refuses a database whose tables this build cannot work with. Any login may ask.
 * @throws ShepherdError SCHEMA_MISMATCH, or DATABASE_UNAVAILABLE.
 */
export async function requireSchema(url: string): Promise<void> {
  const build = listMigrations().at(-1)?.number ?? 0;
  const obstacle = obstacleOf(await readSchemaVersion(url), build);
  if (obstacle !== undefined) throw new ShepherdError('SCHEMA_MISMATCH', obstacle);
}

const TERM_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * `requireSchema`, with patience for a migrator that is still at work.
 * @throws ShepherdError as `requireSchema` does, after the term; CANCELLED when `signal` fires.
 */
export async function waitForSchema(url: string, { note, signal, termMs = TERM_MS }: WaitOptions): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    if (signal.aborted) throw new ShepherdError('CANCELLED', 'Stopped while waiting for the migrations.');
    try {
      await requireSchema(url);
      return;
    } catch (error) {
      if (!(error instanceof ShepherdError) || error.code !== 'SCHEMA_MISMATCH' || waitedMs >= termMs) throw error;
      if (waitedMs === 0) note(`${error.message} Waiting for it, ${Math.round(termMs / 1000)} s at most.`);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function readSchemaVersion(url: string): Promise<SchemaVersion> {
  const client = new pg.Client(connectionWithin(LIMITS, url, 'shepherd schema'));
  client.on('error', () => undefined); // told by the rejection
  try {
    await client.connect();
    const { rows } = await client.query<SchemaVersion>(
      'SELECT number, oldest_build AS "oldestBuild" FROM schema_version',
    );
    return rows[0] ?? { number: 0, oldestBuild: 0 };
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return { number: 0, oldestBuild: 0 };
    throw isConnectionFailure(error) ? asUnavailable(error, url) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
