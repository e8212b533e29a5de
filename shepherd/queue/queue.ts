import { seedFrom } from '../../core/random.ts';
import type { Client, Database } from '../../db/connection/client.ts';
import { dequeueRuns, enqueueRun } from '../../db/tables/jobs.ts';
import { claimSlot, supersedeQueued, type RunRequest } from '../../db/tables/runs.ts';
import type { DueSlot } from './schedule.ts';

/**
 * Claims a slot of the schedule for a symbol and puts its run on the queue, both or neither; `undefined` when another process
 * was first. Runs still waiting for the same symbol are covered by this one and end as skipped.
 */
export function queueSlot(db: Database, symbol: string, { slot, trigger }: DueSlot): Promise<string | undefined> {
  return db.transaction(async (client) => {
    const id = await claimSlot(client, { symbol, slot, trigger });
    if (id === undefined) return undefined;
    await dequeueRuns(client, await supersedeQueued(client, { symbol, by: id }));
    await enqueueRun(client, { id, symbol });
    return id;
  });
}

/** Claims a slot of its own for a run that a person asked for. */
export function claimManualRun(
  client: Client,
  symbol: string,
  now: number,
  request: RunRequest,
): Promise<string | undefined> {
  const slot = `manual ${new Date(now).toISOString()} ${seedFrom(process.pid, now).toString(36)}`;
  return claimSlot(client, { symbol, slot, trigger: 'manual', request });
}

/** The same, put on the queue for whichever worker is free. */
export function queueManualRun(
  db: Database,
  symbol: string,
  now: number,
  request: RunRequest,
): Promise<string | undefined> {
  return db.transaction(async (client) => {
    const id = await claimManualRun(client, symbol, now, request);
    if (id !== undefined) await enqueueRun(client, { id, symbol });
    return id;
  });
}
