import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import { ShepherdError } from '../../core/errors.ts';
import { seedFrom } from '../../core/random.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client, Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { claimSlot, supersedeQueued, type RunRequest } from '../../db/tables/runs.ts';
import type { Log } from '../../service/log.ts';
import type { DueSlot } from './schedule.ts';

/**
 * Claims a slot of the schedule for a symbol: its run is on the queue then; `undefined` when another process was first. Runs of the same
 * symbol that have not begun are covered by this one: they end as skipped, and it is told.
 */
export async function queueSlot(
  db: Database,
  symbol: SeriesSymbol,
  { slot, trigger }: DueSlot,
  log: Log,
): Promise<RunId | undefined> {
  const queued = await db.transaction(async (client) => {
    const id = await claimSlot(client, { symbol, slot, trigger });
    if (id === undefined) return undefined;
    const covered = await supersedeQueued(client, { symbol, by: id });
    const events: RecordedEvent[] = [];
    for (const runId of covered) events.push(await appendEvent(client, skipped(symbol, runId, id)));
    return { id, events };
  });
  for (const event of queued?.events ?? []) log.event(event);
  return queued?.id;
}

function skipped(symbol: SeriesSymbol, runId: RunId, by: RunId): AuditEvent {
  const sentence = `Run ${runId} still waited when its next slot came; run ${by} covers it.`;
  return { kind: 'run:skipped', symbol, runId, payload: { reason: 'superseded', by }, sentence };
}

/** Claims a slot of its own for a run that a person asked for, and leaves it to whichever worker is free. @throws ShepherdError CONFLICT. */
export function queueManualRun(client: Client, symbol: SeriesSymbol, now: number, request: RunRequest): Promise<RunId> {
  return claimAsked(client, symbol, now, request, 0);
}

/** Time in which whoever claims a run has begun it; then the queue takes it over. */
const CLAIMED_FOR_MS = 60_000;

/** The same for whoever carries it out himself. @throws ShepherdError CONFLICT. */
export function claimManualRun(client: Client, symbol: SeriesSymbol, now: number, request: RunRequest): Promise<RunId> {
  return claimAsked(client, symbol, now, request, CLAIMED_FOR_MS);
}

async function claimAsked(
  client: Client,
  symbol: SeriesSymbol,
  now: number,
  request: RunRequest,
  dueInMs: number,
): Promise<RunId> {
  const slot = `manual ${new Date(now).toISOString()} ${seedFrom(process.pid, now).toString(36)}`;
  const by = client.actor === undefined ? {} : { by: client.actor };
  const id = await claimSlot(client, { symbol, slot, trigger: 'manual', request: { ...request, ...by }, dueInMs });
  if (id !== undefined) return id;
  throw new ShepherdError('CONFLICT', `Another run of ${symbol} was asked for in this same millisecond; ask again.`);
}
