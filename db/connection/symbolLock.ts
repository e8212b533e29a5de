import pg from 'pg';
import { SYMBOL_LOCK } from '../tables/jobs.ts';

/**
 * Waits until no other process works on `symbol`, then holds it until released or until this process is gone.
 * The lock lives on a connection of its own, so PostgreSQL frees it the moment the process dies.
 * @param onLost called when the connection breaks while the lock is held: the work must stop, as another process may now begin.
 */
export async function holdSymbol(
  url: string,
  symbol: string,
  onLost: (error: Error) => void,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: `shepherd ${symbol}`, keepAlive: true });
  let released = false;
  client.on('error', (error) => {
    if (!released) onLost(error);
  });
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1::int, hashtext($2))', [SYMBOL_LOCK, symbol]);
  return async () => {
    released = true;
    await client.end();
  };
}
