import { ShepherdError } from '../../core/errors.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { findRun, requeueRun } from '../../db/tables/runs.ts';
import type { Log } from '../../service/log.ts';

export interface RequeueRequest {
  readonly run: RunId;
  /** Why; stored with the act. */
  readonly reason: string;
}

/**
 * Puts a failed run on the queue once more: its attempts are counted anew, its finished steps are kept.
 * @throws ShepherdError UNKNOWN_RUN, CONFLICT when it has not failed.
 */
export async function requeue(
  db: Database,
  { run: id, reason }: RequeueRequest,
  log: Pick<Log, 'event'>,
): Promise<{ readonly run: RunId; readonly symbol: SeriesSymbol }> {
  const run = await findRun(db, id);
  if (run === undefined) throw new ShepherdError('UNKNOWN_RUN', `There is no run ${id}; shepherd history lists them.`);
  const { symbol } = run;
  const event = await db.transaction(async (client) => {
    if (!(await requeueRun(client, id))) {
      throw new ShepherdError('CONFLICT', `Run ${id} of ${symbol} is ${run.state}; only a failed one is queued again.`);
    }
    const payload = { attempts: run.attempts, failed: run.reason, words: reason };
    const sentence = `Run ${id} is on the queue again: ${reason}`;
    return appendEvent(client, { kind: 'run:requeued', symbol, runId: id, payload, sentence });
  });
  log.event(event);
  return { run: id, symbol };
}
