import { ShepherdError } from '../../core/errors.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { findRun, finishRun } from '../../db/tables/runs.ts';
import type { RunContext } from './context.ts';

/** Starts after which a run that keeps failing is given up; the next slot begins afresh. */
const MOST_ATTEMPTS = 5;

/**
 * Notes that a run did not get through. What may pass (a lost database, a busy feed, a stop of this process) is thrown on, so
 * that the queue tries again; what cannot (too little history, bad data) ends the run as failed with its sentence.
 */
export async function failRun(
  runId: string,
  error: unknown,
  { db, log, signal }: Pick<RunContext, 'db' | 'log' | 'signal'>,
): Promise<void> {
  if (signal.aborted) throw error;
  const run = await findRun(db, runId);
  const passing =
    !(error instanceof ShepherdError) ||
    ['DATABASE_UNAVAILABLE', 'FEED_UNAVAILABLE', 'CONFLICT', 'CANCELLED'].includes(error.code);
  if (!(error instanceof ShepherdError)) log.error(`Run ${runId} met a fault.`, error);
  if (run === undefined) throw error;
  if (passing && run.attempts < MOST_ATTEMPTS) {
    const why = error instanceof ShepherdError ? error.message : 'the fault above';
    log.note(
      `${run.symbol}: run ${runId} is tried again in a while (attempt ${run.attempts} of ${MOST_ATTEMPTS}): ${why}`,
    );
    throw error;
  }
  const sentence = error instanceof Error ? error.message : String(error);
  const reason = error instanceof ShepherdError ? error.code : 'FAULT';
  const event = await db.transaction(async (client) => {
    const end = { state: 'failed', outcome: 'failed', reason, sentence } as const;
    // A run that had ended before its process met the fault stays as it ended.
    if (!(await finishRun(client, runId, end))) return undefined;
    return appendEvent(client, {
      kind: 'run:failed',
      symbol: run.symbol,
      runId,
      payload: { reason, attempts: run.attempts },
      sentence,
    });
  });
  if (event !== undefined) log.event(event);
}
