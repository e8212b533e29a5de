import { ShepherdError } from '../../../core/errors.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import type { RunRequest } from '../../../db/tables/runs.ts';
import { claimManualRun } from '../../queue/queue.ts';
import type { RunContext } from '../../run/context.ts';
import { failRun } from '../../run/fail.ts';
import { executeRun, type RunOutcome } from '../../run/run.ts';
import { openSource } from '../../feeds/open.ts';
import { createTracker } from '../../tracking/tracker.ts';
import { createTrainingPool } from '../../threads/pool.ts';
import type { CommandContext } from './command.ts';

/** What a command needs to carry out runs itself; the caller closes its pool. */
export async function openRunContext(context: CommandContext): Promise<RunContext> {
  const { config, log, io, signal } = context;
  const db = await context.database();
  const source = await openSource(config, db, Date.now);
  return {
    db,
    databaseUrl: await context.databaseUrl(),
    source,
    pool: createTrainingPool(config.training),
    settings: { spec: DEFAULT_SPEC, ...config.settings },
    log,
    now: Date.now,
    isTerminal: io.isTerminal,
    signal,
    tracker: createTracker(config, log),
  };
}

/**
 * Claims a run of a symbol and carries it out in this process.
 * @throws ShepherdError CONFLICT when another was claimed in the same millisecond, and what the run throws.
 */
export async function runNow(
  context: RunContext,
  symbol: string,
  request: RunRequest,
): Promise<Partial<RunOutcome> & { readonly run: string }> {
  const id = await claimManualRun(context.db, symbol, context.now(), request);
  if (id === undefined)
    throw new ShepherdError(
      'CONFLICT',
      `Another run of ${symbol} was asked for in this same millisecond; repeat the command.`,
    );
  const end = await executeRun(id, context).catch(async (error: unknown) => {
    await failRun(id, error, context);
    throw error;
  });
  return { run: id, ...end };
}
