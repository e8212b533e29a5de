import type { Client } from '../connection/client.ts';

/** The one task of the queue; its payload is `{ runId }`. */
export const RUN_TASK = 'run';
/** First key of the advisory lock that the process working on a symbol holds; the second is the hash of the symbol. */
export const SYMBOL_LOCK = 7_316_424;

const MOST_ATTEMPTS = 5;

/** Puts a claimed run on the queue, in the caller's transaction; runs of one symbol are worked on one after the other. */
export async function enqueueRun(client: Client, run: { readonly id: string; readonly symbol: string }): Promise<void> {
  await client.query(
    `SELECT graphile_worker.add_job($1, json_build_object('runId', $2::text), queue_name => $3, job_key => 'run:' || $2, max_attempts => $4)`,
    [RUN_TASK, run.id, run.symbol, MOST_ATTEMPTS],
  );
}

/** Takes runs off the queue that no one has begun. */
export async function dequeueRuns(client: Client, runIds: readonly string[]): Promise<void> {
  await client.query(`SELECT graphile_worker.remove_job('run:' || id) FROM unnest($1::text[]) AS id`, [runIds]);
}

/**
 * Gives runs back to the queue whose process died: unfinished, and nobody holds the symbol's lock (PostgreSQL frees it with the
 * connection). A job only just taken has ten seconds to take the lock. Answers with the runs given back.
 */
export async function requeueAbandonedRuns(
  client: Client,
): Promise<{ readonly id: string; readonly symbol: string }[]> {
  const abandoned = await client.query<{ id: string; symbol: string; worker: string | null }>(
    `SELECT r.id, r.symbol, j.locked_by AS worker
       FROM runs r LEFT JOIN graphile_worker.jobs j ON j.key = 'run:' || r.id
      WHERE r.state IN ('queued', 'running')
        AND ((r.state = 'running' AND j.locked_by IS NOT NULL)
             OR j.locked_at < now() - interval '10 seconds'
             OR (j.id IS NULL AND coalesce(r.started_at, r.queued_at) < now() - interval '10 seconds'))
        AND NOT EXISTS (SELECT FROM pg_locks l
                         WHERE l.locktype = 'advisory' AND l.classid = $1::bigint::oid
                           AND l.objid = (hashtext(r.symbol)::bigint & 4294967295)::oid AND l.objsubid = 2)
      ORDER BY r.id`,
    [SYMBOL_LOCK],
  );
  for (const run of abandoned) {
    if (run.worker === null) await enqueueRun(client, run);
    else await client.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [[run.worker]]);
  }
  return abandoned.map(({ id, symbol }) => ({ id, symbol }));
}
