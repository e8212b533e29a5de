import { claimMessage, markDelivered, postpone, type Message } from '../../db/tables/outbox.ts';
import type { Client } from '../../db/connection/client.ts';
import type { Log } from '../../service/log.ts';

export interface SenderOptions<T> {
  readonly db: Client;
  readonly receiver: string;
  /** Delivers one message, outside of any transaction; a throw means that it may not have arrived. */
  readonly deliver: (message: Message<T>) => Promise<void>;
  readonly log: Pick<Log, 'note' | 'warn'>;
  /** Wait after the n-th attempt, in milliseconds; default doubles from a second to an hour. */
  readonly backoffMs?: (attempts: number) => number;
  readonly pollMs?: number;
}

const POLL_MS = 2_000;
const LONGEST_MS = 3_600_000;

const doubling = (attempts: number): number => Math.min(LONGEST_MS, 1_000 * 2 ** (attempts - 1));

/**
 * Sends what is due, one after another, each at least once: it counts as delivered only when the receiver has answered.
 * @returns how many were received.
 */
export async function sendDue<T>(options: SenderOptions<T>): Promise<number> {
  const { db, receiver, deliver, log, backoffMs = doubling } = options;
  for (let sent = 0; ;) {
    const message = await claimMessage<T>(db, receiver);
    if (message === undefined) return sent;
    try {
      await deliver(message);
    } catch (error) {
      const waitMs = backoffMs(message.attempts);
      await postpone(db, message.id, waitMs);
      const when = `in ${Math.ceil(waitMs / 1000)} s`;
      // Once is worth a line; after that only the end of it is.
      if (message.attempts === 1)
        log.warn(`${receiver} did not take message ${message.id}; it is sent again ${when}.`, error);
      continue;
    }
    await markDelivered(db, message.id);
    if (message.attempts > 1) log.note(`${receiver} took message ${message.id} at attempt ${message.attempts}.`);
    sent += 1;
  }
}

/** Sends for as long as it runs, whatever receiver and database do. @returns what ends it, after the delivery under way. */
export function startSender<T>(options: SenderOptions<T>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      // What could not be claimed or marked is due again; that the database is away is told elsewhere.
      sending = sendDue(options)
        .catch(() => undefined)
        .finally(next);
    }, options.pollMs ?? POLL_MS);
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await sending;
  };
}
