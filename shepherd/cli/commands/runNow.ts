import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import { findRun, type RunRequest } from '../../../db/tables/runs.ts';
import { claimManualRun } from '../../queue/queue.ts';
import type { RunContext } from '../../run/context.ts';
import { createRunContext } from '../../run/createContext.ts';
import { executeRun } from '../../run/run.ts';
import { openSource } from '../../feeds/open.ts';
import { sendDue } from '../../tracking/sender.ts';
import { mlflowDelivery } from '../../tracking/tracker.ts';
import type { CommandContext } from './command.ts';

/** What a command needs to carry out runs itself; `closeRunContext` ends it. */
export async function openRunContext(context: CommandContext): Promise<RunContext> {
  const { config, log, io, signal } = context;
  const db = await context.database();
  return createRunContext(config, {
    db,
    databaseUrl: await context.databaseUrl(),
    source: await openSource(config, db, Date.now),
    log,
    now: Date.now,
    isTerminal: io.isTerminal,
    signal,
  });
}

/** Closes its pool, and sends once what is to be told outside; a service sends what is not received now. */
export async function closeRunContext({ config }: CommandContext, { db, log, pool }: RunContext): Promise<void> {
  await pool.close();
  const delivery = mlflowDelivery(config, { db, log });
  if (delivery !== undefined) await sendDue(delivery);
}

/** How a run ended; null where it has not. */
export interface RunReport {
  readonly run: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly sentence: string | null;
}

/**
 * Claims a run of a symbol and carries it out in this process.
 * @throws ShepherdError CONFLICT when another was claimed in the same millisecond, and what the run throws.
 */
export async function runNow(context: RunContext, symbol: SeriesSymbol, request: RunRequest): Promise<RunReport> {
  const id = await claimManualRun(context.db, symbol, context.now(), request);
  const end = await executeRun(id, context);
  // A run that waited for its symbol longer than it was reserved is taken up by a service: tell how that went.
  const { outcome, reason, sentence } = end ?? (await findRun(context.db, id)) ?? {};
  return { run: id, outcome: outcome ?? null, reason: reason ?? null, sentence: sentence ?? null };
}
