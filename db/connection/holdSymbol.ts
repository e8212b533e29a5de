import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { releaseLease, renewLease, requireLease, showHolder, takeLease, type Lease } from '../tables/leases.ts';
import { queryOn, type Client, type Database } from './client.ts';
import { connectionWithin, LIMITS } from './limits.ts';

/** A series that this process works on. */
export interface HeldSymbol {
  readonly lease: Lease;
  /** `db`, whose transactions are stored only while the lease is ours: else they reject with SUPERSEDED. */
  fence(db: Database): Database;
  release(): Promise<void>;
}

export interface HoldOptions {
  /** Told when the lease is lost, or cannot be renewed: the work should stop, as another process may begin. What it still writes is refused. */
  readonly onLost: (error: Error) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** How long to wait for whoever holds it now; default ten minutes, longer than any run. */
  readonly patienceMs?: number;
  /** How long a holder that gives no sign of life is left alone; default `LEASE_MS`. */
  readonly leaseMs?: number;
}

/** Longer than an event loop is ever busy and a short outage lasts; renewed at a third of it. */
export const LEASE_MS = 30_000;
const PATIENCE_MS = 600_000;
const LOOK_EVERY_MS = 200;

/**
 * Takes a series to work on, waiting until nobody else does. The lease is renewed on a connection of its own until it is released; when this
 * process dies, or that connection does, the next one need not wait for its end.
 * @throws ShepherdError CONFLICT when it is still taken after `patienceMs`, CANCELLED when `signal` fires, DATABASE_UNAVAILABLE.
 */
export async function holdSymbol(url: string, symbol: SeriesSymbol, options: HoldOptions): Promise<HeldSymbol> {
  const { onLost, signal, patienceMs = PATIENCE_MS, leaseMs = LEASE_MS } = options;
  const connection = new pg.Client(connectionWithin(LIMITS, url, `shepherd ${symbol}`));
  let released = false;
  const lose = (error: Error): void => {
    if (released) return;
    clearInterval(renewal);
    onLost(error);
  };
  let renewal: NodeJS.Timeout | undefined;
  connection.on('error', lose);
  const client: Client = { query: (text, parameters) => queryOn(connection, url, text, parameters) };
  const end = async (): Promise<void> => {
    released = true;
    clearInterval(renewal);
    await connection.end().catch(() => undefined);
  };
  try {
    await connection.connect().catch(async () => {
      // The failure as a sentence, by the one place that knows it.
      await client.query('SELECT 1');
    });
    const lease = await waitForLease(client, symbol, { signal, patienceMs, leaseMs });
    renewal = setInterval(() => {
      renewLease(client, lease, leaseMs).then((ours) => {
        if (!ours) lose(new ShepherdError('SUPERSEDED', `Another process has taken over ${symbol}.`));
      }, lose);
    }, leaseMs / 3);
    return {
      lease,
      fence: (db) => ({
        ...db,
        transaction: (work) =>
          db.transaction(async (inner) => {
            await requireLease(inner, lease);
            return work(inner);
          }),
      }),
      async release() {
        if (released) return;
        released = true;
        await releaseLease(client, lease).catch(() => undefined); // its connection's end frees it as well
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function waitForLease(
  client: Client,
  symbol: SeriesSymbol,
  { signal, patienceMs, leaseMs }: { signal: AbortSignal | undefined; patienceMs: number; leaseMs: number },
): Promise<Lease> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    if (signal?.aborted === true) throw new ShepherdError('CANCELLED', `Stopped while waiting to work on ${symbol}.`);
    await client.query('BEGIN');
    const lease = await takeLease(client, symbol, leaseMs);
    if (lease !== undefined) await showHolder(client, lease);
    await client.query('COMMIT');
    if (lease !== undefined) return lease;
    if (waitedMs >= patienceMs) {
      throw new ShepherdError(
        'CONFLICT',
        `Another process is still working on ${symbol}; repeat this when it is done.`,
      );
    }
    await pause(LOOK_EVERY_MS, undefined, signal && { signal }).catch(() => undefined);
  }
}
