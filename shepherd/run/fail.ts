import { ShepherdError } from '../../core/errors.ts';
import type { RecordedEvent } from '../../core/events.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { finishRun, returnRun, type Run } from '../../db/tables/runs.ts';
import type { RunContext } from './context.ts';

/** Attempts after which a run is given up, until a person puts it on the queue again; the next slot begins afresh. */
export const MOST_ATTEMPTS = 5;

const PASSING: readonly string[] = ['FEED_UNAVAILABLE', 'CONFLICT', 'CANCELLED'];
const SECOND = 1_000;

/** e, e², … seconds: a short fault costs seconds, a long one is outlasted for a minute and a half in all. */
const pauseAfter = (attempts: number): number => Math.round(SECOND * Math.exp(attempts));

export interface Failure {
  readonly run: Run;
  readonly error: unknown;
  /** We ended it: our process is stopping, or its lease was lost. */
  readonly interrupted: boolean;
}

/**
 * Notes that a run did not get through, while its lease is still held. What may pass (a busy feed, a fault) puts it back on the queue after
 * a pause, up to five attempts; an interruption by us puts it back at once, a lost database after a moment, and neither is an attempt;
 * what cannot pass (too little history, bad data) ends it as failed with its sentence.
 * @param context its `db` stores only while the lease is held.
 */
export async function failRun(
  { run, error, interrupted }: Failure,
  { db, log }: Pick<RunContext, 'db' | 'log'>,
): Promise<void> {
  const known = error instanceof ShepherdError ? error : undefined;
  if (known?.code === 'SUPERSEDED') {
    log.note(`${run.symbol}: run ${run.id} is not ours any more. ${known.message}`);
    return;
  }
  if (interrupted) {
    await db.transaction((client) => returnRun(client, run.id, { dueInMs: 0, attempted: false }));
    return;
  }
  if (known?.code === 'DATABASE_UNAVAILABLE') {
    await db.transaction((client) => returnRun(client, run.id, { dueInMs: pauseAfter(1), attempted: false }));
    log.note(`${run.symbol}: run ${run.id} is taken up again, as the database is there again.`);
    return;
  }
  if (known === undefined) log.error(`Run ${run.id} met a fault.`, error);
  if ((known === undefined || PASSING.includes(known.code)) && run.attempts < MOST_ATTEMPTS) {
    const dueInMs = pauseAfter(run.attempts);
    await db.transaction((client) => returnRun(client, run.id, { dueInMs, attempted: true }));
    const again = `run ${run.id} is tried again in ${Math.round(dueInMs / SECOND)} s (attempt ${run.attempts} of ${MOST_ATTEMPTS})`;
    log.note(`${run.symbol}: ${again}: ${known?.message ?? 'the fault above'}`);
    return;
  }
  const sentence = error instanceof Error ? error.message : String(error);
  const end = { reason: known?.code ?? 'FAULT', sentence };
  const event = await db.transaction((client) => endAsFailed(client, run, end));
  if (event !== undefined) log.event(event);
}

/** Ends a run as failed and answers the event that tells it; `undefined` for one that has ended, which stays as it ended. */
export async function endAsFailed(
  client: Client,
  { id, symbol, attempts }: Pick<Run, 'id' | 'symbol' | 'attempts'>,
  { reason, sentence }: { readonly reason: string; readonly sentence: string },
): Promise<RecordedEvent | undefined> {
  if (!(await finishRun(client, id, { state: 'failed', outcome: 'failed', reason, sentence }))) return undefined;
  const payload = { reason, attempts };
  return appendEvent(client, { kind: 'run:failed', symbol, runId: id, payload, sentence });
}
