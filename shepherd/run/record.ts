import type { AuditEvent } from '../../core/events.ts';
import type { Client, Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import type { Log } from '../../service/log.ts';

/** What an event is about. */
export type Subject = Pick<AuditEvent, 'symbol' | 'runId'>;

/** An event without what it is about. */
export type Told = Omit<AuditEvent, keyof Subject>;

/**
 * Writes rows and appends the events that tell of them in one transaction, both or neither; the events are printed once they are stored.
 */
export async function recordTogether(
  { db, log }: { readonly db: Database; readonly log: Pick<Log, 'event'> },
  { symbol, runId }: Subject,
  events: readonly Told[],
  write?: (transaction: Client) => Promise<unknown>,
): Promise<void> {
  const recorded = await db.transaction(async (client) => {
    await write?.(client);
    const stored = [];
    for (const event of events) stored.push(await appendEvent(client, { ...event, symbol, runId }));
    return stored;
  });
  for (const event of recorded) log.event(event);
}
