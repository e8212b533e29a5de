import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { asUnavailable, isConnectionFailure } from './connectionFailure.ts';
import { listenOn, type ListenOptions } from './listen.ts';
import { columnTypes } from './columnTypes.ts';
import { connectionWithin, LIMITS, type Limits } from './limits.ts';

/**
 * What every query function takes first: the pool, or one connection inside a transaction.
 * Days come back as `YYYY-MM-DD` text, instants as ISO text in UTC, int8 ids as text, float8 and int4 as numbers, jsonb as values.
 */
export interface Client {
  /** In whose name it acts: stands in every event and promotion as `by`. Absent where nothing is acted. */
  readonly actor?: string;
  /**
   * @typeParam T the row, named as the SELECT names its columns; it is stated beside the SQL and not checked again.
   * @throws ShepherdError DATABASE_UNAVAILABLE when the server cannot be reached or went away; other errors of PostgreSQL as they are.
   */
  query<T = unknown>(text: string, parameters?: readonly unknown[]): Promise<T[]>;
}

/** A jsonb object as it comes back. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface Database extends Client {
  /** The same database, over the same connections, in the name of `actor`. */
  as(actor: string): Database;
  /**
   * Runs `work` on one connection between BEGIN and COMMIT; a throw rolls back and is thrown on.
   */
  transaction<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /**
   * Calls `handler` with the payload of each notification on `channel`, over a connection of its own that is made again when lost.
   * What was sent while it was lost never arrives: `onRestored` is the moment to read the state afresh.
   * @returns a function that stops listening. Rejects only if the first connection fails.
   */
  listen(channel: string, handler: (payload: string) => void, options?: ListenOptions): Promise<() => Promise<void>>;
  /** Stops listening, waits for running queries and closes the pool. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Most connections held at once; default 5, as each service is one of several on a server that allows 100. */
  readonly max?: number;
  /** How long it may wait, and keep others waiting; default `LIMITS`. */
  readonly limits?: Limits;
  /** Told of a connection lost while idle; the pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

export function createDatabase({
  url,
  applicationName,
  max = 5,
  limits = LIMITS,
  onConnectionLost,
}: DatabaseOptions): Database {
  const connection = { ...connectionWithin(limits, url, applicationName), types: columnTypes };
  const pool = new pg.Pool({ ...connection, max });
  // Without this listener a server restart would end the process.
  pool.on('error', (error) => onConnectionLost?.(error));
  const stops = new Set<() => Promise<void>>();
  let closing: Promise<void> | undefined;

  const actingAs = (actor?: string): Database => ({
    ...(actor === undefined ? {} : { actor }),
    as: actingAs,
    query: (text, parameters) => queryOn(pool, url, text, parameters),
    transaction: (work) => runTransaction(pool, url, work, actor),
    async listen(channel, handler, options = {}) {
      const stopListening = await listenOn(connection, channel, handler, options);
      const stop = async (): Promise<void> => {
        stops.delete(stop);
        await stopListening();
      };
      stops.add(stop);
      return stop;
    },
    close() {
      closing ??= Promise.all([...stops].map((stop) => stop())).then(() => pool.end());
      return closing;
    },
  });
  return actingAs();
}

/** One query on a given connection, as `Client.query` promises it. */
export async function queryOn<T>(
  on: pg.Pool | pg.ClientBase,
  url: string,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<T[]> {
  try {
    const { rows } = await on.query(text, [...parameters]);
    return rows as T[]; // the caller states the row type beside the SQL
  } catch (error) {
    throw isConnectionFailure(error) ? asUnavailable(error, url) : error;
  }
}

async function runTransaction<T>(
  pool: pg.Pool,
  url: string,
  work: (client: Client) => Promise<T>,
  actor: string | undefined,
): Promise<T> {
  const connection = await pool.connect().catch((error: unknown) => {
    throw isConnectionFailure(error) ? asUnavailable(error, url) : error;
  });
  // A checked-out connection reports its loss here when no query is under way; the next query fails with the reason.
  const ignore = (): void => undefined;
  connection.on('error', ignore);
  let lost = false;
  try {
    const client: Client = {
      ...(actor === undefined ? {} : { actor }),
      query: (text, parameters) => queryOn(connection, url, text, parameters),
    };
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    lost = error instanceof ShepherdError && error.code === 'DATABASE_UNAVAILABLE';
    if (!lost) await connection.query('ROLLBACK').catch(() => (lost = true));
    throw error;
  } finally {
    connection.off('error', ignore);
    connection.release(lost);
  }
}
