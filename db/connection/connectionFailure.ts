import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';

/** SQLSTATEs with which a server refuses or ends a connection, rather than a statement. */
const REFUSALS: ReadonlySet<string> = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting, stopping or recovering
  '53300', // too_many_connections
  '28000', // invalid_authorization_specification
  '28P01', // invalid_password
  '3D000', // invalid_catalog_name
]);

/**
 * Whether an error means that the server is not there for us. Errors of statements are `pg.DatabaseError`s;
 * what else the driver rejects with is a socket's error or a bare Error without a code ("Connection terminated").
 */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    return REFUSALS.has(code) || code.startsWith('08');
  }
  return error instanceof Error && !(error instanceof TypeError) && !(error instanceof ShepherdError);
}

/** The same failure as one sentence that names the server without its password. */
export function asUnavailable(error: unknown, url: string): ShepherdError {
  const why = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
  return new ShepherdError('DATABASE_UNAVAILABLE', `PostgreSQL at ${placeOf(url)} is not available: ${why}.`, {
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the given DATABASE_URL';
  const { host, pathname, username } = new URL(url);
  return `${host}${pathname} (user ${username})`;
}
