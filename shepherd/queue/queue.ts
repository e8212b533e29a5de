import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import { seedFrom } from '../../core/random.ts';
import type { Client, Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { dequeueRuns, enqueueRun } from '../../db/tables/jobs.ts';
import { claimSlot, supersedeQueued, type RunRequest } from '../../db/tables/runs.ts';
import type { Log } from '../../service/log.ts';
import type { DueSlot } from './schedule.ts';

/**
 * Claims a slot of the schedule for a symbol and puts its run on the queue, both or neither; `undefined` when another process
 * was first. Runs still waiting for the same symbol are covered by this one: they end as skipped, and it is told.
 */
export async function queueSlot(
  db: Database,
  symbol: string,
  { slot, trigger }: DueSlot,
  log: Log,
): Promise<string | undefined> {
  const queued = await db.transaction(async (client) => {
    const id = await claimSlot(client, { symbol, slot, trigger });
    if (id === undefined) return undefined;
    const covered = await supersedeQueued(client, { symbol, by: id });
    await dequeueRuns(client, covered);
    await enqueueRun(client, { id, symbol });
    const events: RecordedEvent[] = [];
    for (const runId of covered) events.push(await appendEvent(client, skipped(symbol, runId, id)));
    return { id, events };
  });
  for (const event of queued?.events ?? []) log.event(event);
  return queued?.id;
}

function skipped(symbol: string, runId: string, by: string): AuditEvent {
  const sentence = `Run ${runId} still waited when its next slot came; run ${by} covers it.`;
  return { kind: 'run:skipped', symbol, runId, payload: { reason: 'superseded', by }, sentence };
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
