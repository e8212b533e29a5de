import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import { LIMITS } from '../connection/limits.ts';
import { storableJson, storableText } from '../connection/storable.ts';

const COLUMNS = 'id, at, run_id AS "runId", symbol, kind, payload, sentence';

/**
 * Appends an event to the audit record and answers it as it stands there: the line to print. Number and time are the database's,
 * and its payload says in whose name the client acts. Appends wait for nobody: numbers are drawn in order, but may be committed in another
 * and leave gaps. It is sealed with the next batch (`shepherd/record/seal.ts`).
 */
export async function appendEvent(client: Client, event: AuditEvent): Promise<RecordedEvent> {
  const payload = client.actor === undefined ? event.payload : { ...event.payload, by: client.actor };
  return oneRow(
    await client.query<RecordedEvent>(
      `INSERT INTO events (run_id, symbol, kind, payload, sentence) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [event.runId, event.symbol, event.kind, storableJson(payload), storableText(event.sentence)],
    ),
  );
}

export interface EventFilter {
  readonly symbol?: SeriesSymbol | undefined;
  readonly runId?: RunId | undefined;
  /** Only events before this id, for paging back. */
  readonly before?: string | undefined;
  /** Only events after this id, for following. */
  readonly after?: string | undefined;
  /** Only events up to this instant, ISO text. */
  readonly until?: string | undefined;
  readonly limit: number;
}

/** Events, the newest first; with `after`, the oldest first. */
export function listEvents(client: Client, filter: EventFilter): Promise<RecordedEvent[]> {
  const { symbol, runId, before, after, until, limit } = filter;
  const given: unknown[] = [];
  const hold = (condition: string, value: unknown): string[] =>
    value === undefined ? [] : [condition.replace('?', `$${given.push(value)}`)];
  // Only what is asked stands in the statement, so that an index serves each question.
  const conditions = [
    ...hold('symbol = ?', symbol),
    ...hold('run_id = ?', runId),
    ...hold('id < ?', before),
    ...hold('id > ?', after),
    // Instants cross as milliseconds, so that is how precisely they are compared.
    ...hold(`at < ?::timestamptz + interval '1 millisecond'`, until),
  ];
  const order = until !== undefined ? 'at DESC, id DESC' : after === undefined ? 'id DESC' : 'id';
  return client.query<RecordedEvent>(
    `SELECT ${COLUMNS} FROM events ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
     ORDER BY ${order} LIMIT $${given.push(limit)}`,
    given,
  );
}

/** The event with the highest number that nothing older can still be committed after: whoever drew an earlier number has ended by its limit. */
export async function findSettledEvent(client: Client): Promise<string | undefined> {
  const [row] = await client.query<{ id: string }>(
    `SELECT id FROM events WHERE at < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY at DESC, id DESC LIMIT 1`,
    [SETTLED_AFTER_MS],
  );
  return row?.id;
}

const SETTLED_AFTER_MS = LIMITS.transactionMs + 10_000;
