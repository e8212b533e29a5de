import pg from 'pg';
import { asUnavailable, isConnectionFailure } from './connectionFailure.ts';

export interface ListenOptions {
  /** The connection was lost; it is being made again. */
  readonly onLost?: (error: Error) => void;
  /** It is back: notifications sent in between are gone, so read what they would have told. */
  readonly onRestored?: () => void;
}

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

/** LISTEN on a connection of its own, made again with doubling pauses for as long as it takes. */
export async function listenOn(
  connection: pg.ClientConfig & { readonly connectionString: string },
  channel: string,
  handler: (payload: string) => void,
  { onLost, onRestored }: ListenOptions,
): Promise<() => Promise<void>> {
  let stopped = false;
  let current: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const client = new pg.Client(connection);
    let ended = false as boolean; // set by a listener, which the compiler does not follow
    const lost = (error: Error): void => {
      if (ended) return;
      ended = true;
      if (current !== client) return;
      current = undefined;
      void client.end().catch(() => undefined);
      if (stopped) return;
      onLost?.(error);
      reconnectAfter(FIRST_RETRY_MS);
    };
    client.on('error', lost);
    client.on('end', () => {
      lost(new Error('the connection was closed'));
    });
    client.on('notification', ({ payload = '' }) => {
      handler(payload);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      if (ended) throw new Error('the connection was lost at once');
    } catch (error) {
      ended = true;
      void client.end().catch(() => undefined);
      throw error;
    }
    if (stopped) await client.end();
    else current = client;
  };

  const reconnectAfter = (pauseMs: number): void => {
    retry = setTimeout(() => {
      connect().then(
        () => {
          if (!stopped) onRestored?.();
        },
        () => {
          if (!stopped) reconnectAfter(Math.min(2 * pauseMs, LAST_RETRY_MS));
        },
      );
    }, pauseMs);
  };

  await connect().catch((error: unknown) => {
    throw isConnectionFailure(error) ? asUnavailable(error, connection.connectionString) : error;
  });
  return async () => {
    stopped = true;
    clearTimeout(retry);
    const client = current;
    current = undefined;
    await client?.end().catch(() => undefined);
  };
}
