import type { Client } from '../connection/client.ts';

/** The first request that came under a key. */
export interface ControlRequest {
  /** Of what was asked. */
  readonly digest: string;
  /** Null while it is at work, and for good when its process ended before it answered. */
  readonly status: number | null;
  readonly answer: string | null;
}

/** Takes a key for a request; `undefined` when it was free, else the request that has it. */
export async function takeKey(client: Client, key: string, digest: string): Promise<ControlRequest | undefined> {
  const taken = await client.query(
    'INSERT INTO control_requests (key, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key',
    [key, digest],
  );
  if (taken.length > 0) return undefined;
  const [first] = await client.query<ControlRequest>(
    'SELECT digest, status, answer FROM control_requests WHERE key = $1',
    [key],
  );
  return first; // rows are never deleted
}

/** Keeps what the request of a key was answered. */
export async function keepAnswer(client: Client, key: string, status: number, answer: string): Promise<void> {
  await client.query('UPDATE control_requests SET status = $2, answer = $3 WHERE key = $1 AND status IS NULL', [
    key,
    status,
    answer,
  ]);
}
