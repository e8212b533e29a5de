import type { Client } from '../connection/client.ts';

/** Something that a receiver outside is still to be told. */
export interface Message<T> {
  readonly id: string;
  /** Goes with each delivery: whoever receives one twice knows it by this. */
  readonly key: string;
  readonly message: T;
  /** Deliveries begun, this one included. */
  readonly attempts: number;
}

/** Puts a message into the outbox; it is sent once the caller's transaction has committed, and not at all when it has not. */
export async function postMessage(client: Client, receiver: string, message: object): Promise<void> {
  await client.query('INSERT INTO outbox (receiver, message) VALUES ($1, $2)', [receiver, JSON.stringify(message)]);
}

/** Another sender takes a message up after this long, should the one that claimed it have died. */
const CLAIMED_FOR = '2 minutes';

/** Claims the message that is due the longest, for one sender alone; holds no lock when it returns. */
export async function claimMessage<T>(client: Client, receiver: string): Promise<Message<T> | undefined> {
  const [claimed] = await client.query<Message<T>>(
    `UPDATE outbox SET attempts = attempts + 1, due_at = now() + interval '${CLAIMED_FOR}' WHERE id = (
       SELECT id FROM outbox WHERE receiver = $1 AND delivered_at IS NULL AND due_at <= now()
       ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
     ) RETURNING id, key, message, attempts`,
    [receiver],
  );
  return claimed;
}

export async function markDelivered(client: Client, id: string): Promise<void> {
  await client.query('UPDATE outbox SET delivered_at = now() WHERE id = $1', [id]);
}

/** Lets a message that was not received be sent again after `ms`. */
export async function postpone(client: Client, id: string, ms: number): Promise<void> {
  await client.query(`UPDATE outbox SET due_at = now() + $2 * interval '1 millisecond' WHERE id = $1`, [id, ms]);
}
