import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../connection/client.ts';
import { takeLease } from './leases.ts';

/** A run that waits, or was left unfinished. */
export interface WaitingRun {
  readonly id: RunId;
  readonly symbol: SeriesSymbol;
}

/** The oldest run that is due, of a series on which nobody works, and none of `but`. */
export async function findDueRun(client: Client, but: readonly string[] = []): Promise<WaitingRun | undefined> {
  const [run] = await client.query<WaitingRun>(
    `SELECT r.id, r.symbol FROM runs AS r LEFT JOIN leases AS l USING (symbol)
     WHERE r.state = 'queued' AND r.due_at <= now() AND r.symbol <> ALL ($1::text[]) AND (l.symbol IS NULL OR is_free(l))
     ORDER BY r.id LIMIT 1`,
    [but],
  );
  return run;
}

/** A run whose process is gone, with the attempts it has had. */
export interface AbandonedRun extends WaitingRun {
  readonly attempts: number;
}

/** Runs that count as being worked on although nobody does: their process has died, or has given no sign of life for too long. */
export function listAbandonedRuns(client: Client): Promise<AbandonedRun[]> {
  return client.query<AbandonedRun>(
    `SELECT r.id, r.symbol, r.attempts FROM runs AS r LEFT JOIN leases AS l USING (symbol)
     WHERE r.state = 'running' AND (l.symbol IS NULL OR l.epoch IS DISTINCT FROM r.epoch OR is_free(l)) ORDER BY r.id`,
  );
}

/**
 * Takes an abandoned run from whoever had it: from now on nothing that process may still write is stored. Inside a transaction, in which
 * the run can then be changed; false when somebody works on it after all.
 */
export async function wrestRun(client: Client, { id, symbol }: WaitingRun): Promise<boolean> {
  const [had] = await client.query<{ epoch: string | null; same: boolean }>(
    `SELECT r.epoch, r.epoch IS NOT DISTINCT FROM l.epoch AS same FROM runs AS r LEFT JOIN leases AS l USING (symbol) WHERE r.id = $1`,
    [id],
  );
  if (had === undefined) return false;
  // Where another lease has been taken since, the one it was worked on under is void already.
  if (had.same && (await takeLease(client, symbol, 0)) === undefined) return false;
  const rows = await client.query(
    `SELECT id FROM runs WHERE id = $1 AND state = 'running' AND epoch IS NOT DISTINCT FROM $2 FOR UPDATE`,
    [id, had.epoch],
  );
  return rows.length === 1;
}
