import { returnRun } from '../../db/tables/runs.ts';
import { listAbandonedRuns, wrestRun } from '../../db/tables/queue.ts';
import { endAsFailed, MOST_ATTEMPTS } from '../run/fail.ts';
import type { RunContext } from '../run/context.ts';

/**
 * Puts runs back on the queue whose process has died or was frozen for too long; one that has cost five processes is given up, as it may
 * be what ends them. Each is taken from its process first, so that nothing of what that may still write is stored.
 */
export async function reapRuns({ db, log }: Pick<RunContext, 'db' | 'log'>): Promise<void> {
  for (const run of await listAbandonedRuns(db)) {
    const { id, symbol, attempts } = run;
    const givenUp = attempts >= MOST_ATTEMPTS;
    const sentence = `Given up after ${attempts} attempts: the process that worked on it was gone or frozen each time. "shepherd requeue ${id}" tries again.`;
    const reaped = await db.transaction(async (client) => {
      if (!(await wrestRun(client, run))) return undefined;
      if (!givenUp) {
        await returnRun(client, id, { dueInMs: 0, attempted: true });
        return { event: undefined };
      }
      return { event: await endAsFailed(client, run, { reason: 'ABANDONED', sentence }) };
    });
    if (reaped?.event !== undefined) log.event(reaped.event);
    else if (reaped !== undefined)
      log.note(`${symbol}: run ${id} was left unfinished by a process that is gone; it is on the queue again.`);
  }
}
