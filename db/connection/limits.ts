import type pg from 'pg';

/** The longest that a connection may keep others, or us, waiting; milliseconds. */
export interface Limits {
  /** One statement. */
  readonly statementMs: number;
  /** Waiting for a lock that another holds. */
  readonly lockMs: number;
  /** A transaction in which nobody asks for anything: its process is frozen, or gone without a word. */
  readonly idleInTransactionMs: number;
  /** A transaction from its beginning to its commit. */
  readonly transactionMs: number;
}

const SECOND = 1_000;

/**
 * Our slowest statements take two seconds (a scrape over 500 series, an import of 100,000 rows), our transactions are a few statements.
 * Who waits outlasts who holds: a frozen holder of a lock is thrown out after 10 s, so that whoever waits up to 20 s for it goes on
 * and does not fail. A transaction that goes on asking is cut after a minute.
 */
export const LIMITS: Limits = {
  statementMs: 30 * SECOND,
  lockMs: 20 * SECOND,
  idleInTransactionMs: 10 * SECOND,
  transactionMs: 60 * SECOND,
};

/** For migrations: rewriting a large table takes what it takes, and of many that start at once all but one wait for it. */
export const MIGRATION_LIMITS: Limits = {
  statementMs: 0, // none
  lockMs: 600 * SECOND,
  idleInTransactionMs: 60 * SECOND,
  transactionMs: 0,
};

/** The oldest server that has all of these limits (`transaction_timeout` came with it). */
export const LEAST_POSTGRESQL = 17;

const CONNECT_TIMEOUT_MS = 5 * SECOND;
/** After its own limit the server still needs a moment to say so; after that it is the server that is frozen, or the line cut. */
const ANSWER_MARGIN_MS = 5 * SECOND;

/** Settings of the driver for one connection within limits; what the URL says in its own `options` comes later and wins. */
export function connectionWithin(limits: Limits, url: string, applicationName: string): BoundedConnection {
  const settings = {
    statement_timeout: limits.statementMs,
    lock_timeout: limits.lockMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
    transaction_timeout: limits.transactionMs,
    // A line that is cut without a word is noticed by the server within half a minute, and its locks are freed.
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
    tcp_user_timeout: 25 * SECOND,
    client_connection_check_interval: 10 * SECOND,
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return {
    ...withOptions(url, options.join(' ')),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10 * SECOND,
    ...(limits.statementMs === 0 ? {} : { query_timeout: limits.statementMs + ANSWER_MARGIN_MS }),
  };
}

export type BoundedConnection = pg.ClientConfig & { readonly connectionString: string };

/** The driver lets `options` of a URL replace those beside it, so that both are put into the URL. */
function withOptions(url: string, ours: string): { connectionString: string; options?: string } {
  if (!URL.canParse(url)) return { connectionString: url, options: ours };
  const whole = new URL(url);
  const theirs = whole.searchParams.get('options');
  if (theirs === null) return { connectionString: url, options: ours };
  whole.searchParams.set('options', `${ours} ${theirs}`);
  return { connectionString: whole.href };
}
