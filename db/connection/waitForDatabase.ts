import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ShepherdError } from '../../core/errors.ts';
import { asUnavailable, isConnectionFailure } from './connectionFailure.ts';
import { connectionWithin, LIMITS } from './limits.ts';

export interface WaitOptions {
  /** Told at the first refusal, and then every ten seconds. */
  readonly note: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** Longest wait; default a minute, in which a server starts or recovers from a crash. */
  readonly termMs?: number;
}

const TERM_MS = 60_000;
const LOOK_EVERY_MS = 250;
const NOTE_EVERY_MS = 10_000;

/** Refusals that no waiting mends. */
const FOR_GOOD: ReadonlySet<string> = new Set([
  '28000', // invalid_authorization_specification
  '28P01', // invalid_password
  '42704', // undefined_object: a server too old for our limits
]);

/**
 * Waits until a server answers that may still be starting.
 * @throws ShepherdError DATABASE_UNAVAILABLE when it refuses us for good, or is not there after the term; CANCELLED when `signal` fires.
 */
export async function waitForDatabase(url: string, { note, signal, termMs = TERM_MS }: WaitOptions): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    if (signal.aborted) throw new ShepherdError('CANCELLED', 'Stopped while waiting for the database.');
    const refusal = await knock(url);
    if (refusal === undefined) {
      if (waitedMs > 0) note('The database is there.');
      return;
    }
    if (waitedMs >= termMs || isForGood(refusal)) throw refusal;
    if (waitedMs % NOTE_EVERY_MS === 0) {
      note(`${refusal.message} Waiting for it, ${Math.round((termMs - waitedMs) / 1000)} s more at most.`);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Why a connection cannot be had; undefined when it can. */
async function knock(url: string): Promise<ShepherdError | undefined> {
  const client = new pg.Client(connectionWithin(LIMITS, url, 'shepherd start'));
  client.on('error', () => undefined); // told by the rejection
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    if (!isConnectionFailure(error)) throw error;
    return asUnavailable(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isForGood({ cause }: ShepherdError): boolean {
  return cause instanceof pg.DatabaseError && FOR_GOOD.has(cause.code ?? '');
}
