import { ShepherdError } from '../../core/errors.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client } from '../connection/client.ts';

/** The right to work on a series, as the only one. */
export interface Lease {
  readonly symbol: SeriesSymbol;
  /** Counts up over all series; no two holders ever share one. */
  readonly epoch: string;
}

/**
 * First key of the advisory lock that the holder of a lease keeps on its connection, the second being the epoch: it shows at once that a
 * process has died. What keeps others from writing is the epoch itself. (`is_free` in the schema knows the number too.)
 */
const HOLDER_LOCK = 7_316_424;

/**
 * Takes the lease of a series when nobody holds it, and keeps it for `ms` unless renewed. Waits for writes under the lease before, which are
 * cut at their limits.
 */
export async function takeLease(client: Client, symbol: SeriesSymbol, ms: number): Promise<Lease | undefined> {
  const [row] = await client.query<{ epoch: string }>(
    `INSERT INTO leases AS held (symbol, epoch, expires_at)
     VALUES ($1, nextval('lease_epochs'), clock_timestamp() + $2 * interval '1 millisecond')
     ON CONFLICT (symbol) DO UPDATE SET epoch = excluded.epoch, expires_at = excluded.expires_at
     WHERE is_free(held) RETURNING epoch`,
    [symbol, ms],
  );
  return row && { symbol, epoch: row.epoch };
}

/** Shows that the holder lives for as long as this session does; before the transaction commits in which the lease was taken. */
export async function showHolder(client: Client, { epoch }: Lease): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1::int, ($2::bigint & 2147483647)::int)', [HOLDER_LOCK, epoch]);
}

/** Keeps a lease for another `ms`; false when another has taken it. */
export async function renewLease(client: Client, { symbol, epoch }: Lease, ms: number): Promise<boolean> {
  const rows = await client.query(
    `UPDATE leases SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
     WHERE symbol = $1 AND epoch = $2 RETURNING symbol`,
    [symbol, epoch, ms],
  );
  return rows.length === 1;
}

/** Gives a lease back, unless another has taken it. */
export async function releaseLease(client: Client, { symbol, epoch }: Lease): Promise<void> {
  await client.query(`UPDATE leases SET expires_at = '-infinity' WHERE symbol = $1 AND epoch = $2`, [symbol, epoch]);
}

/**
 * Makes sure, until the caller's transaction ends, that nobody else has taken the series.
 * @throws ShepherdError SUPERSEDED.
 */
export async function requireLease(client: Client, { symbol, epoch }: Lease): Promise<void> {
  const rows = await client.query('SELECT epoch FROM leases WHERE symbol = $1 AND epoch = $2 FOR KEY SHARE', [
    symbol,
    epoch,
  ]);
  if (rows.length === 1) return;
  throw new ShepherdError('SUPERSEDED', `Another process has taken over ${symbol}; nothing more is stored from here.`);
}
