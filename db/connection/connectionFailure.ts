import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { LEAST_POSTGRESQL } from './limits.ts';

/** SQLSTATEs with which a server refuses or ends a connection, or gives up waiting, rather than refusing a statement. */
const REFUSALS: ReadonlySet<string> = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting, stopping or recovering
  '53300', // too_many_connections
  '28000', // invalid_authorization_specification
  '28P01', // invalid_password
  '3D000', // invalid_catalog_name
  '57014', // query_canceled: by the limit on statements
  '55P03', // lock_not_available: by the limit on waiting for one
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
]);

/** How a server refuses a connection that asks for a setting it does not know: `transaction_timeout` came with PostgreSQL 17. */
const UNKNOWN_SETTING = '42704';

/**
 * Whether an error means that the server is not there for us. Errors of statements are `pg.DatabaseError`s;
 * what else the driver rejects with is a socket's error or a bare Error without a code ("Connection terminated").
 */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    return REFUSALS.has(code) || code.startsWith('08') || isTooOld(error);
  }
  return error instanceof Error && !(error instanceof TypeError) && !(error instanceof ShepherdError);
}

function isTooOld(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === UNKNOWN_SETTING && error.severity === 'FATAL';
}

/** The same failure as one sentence that names the server without its password. */
export function asUnavailable(error: unknown, url: string): ShepherdError {
  if (isTooOld(error)) {
    const sentence = `PostgreSQL at ${placeOf(url)} is too old; Shepherd needs version ${LEAST_POSTGRESQL} or newer.`;
    return new ShepherdError('DATABASE_UNAVAILABLE', sentence, { cause: error });
  }
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
