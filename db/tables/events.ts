import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import { storableJson, storableText } from '../connection/storable.ts';

const COLUMNS = 'id, at, run_id AS "runId", symbol, kind, payload, sentence';

/**
 * Appends an event to the audit record and answers it as it stands there: the line to print. Order, time and hash are the database's,
 * and its payload says in whose name the client acts.
 * In a transaction append last: appends wait for each other until the commit.
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
  return client.query<RecordedEvent>(
    `SELECT ${COLUMNS} FROM events
     WHERE ($1::text IS NULL OR symbol = $1) AND ($2::bigint IS NULL OR run_id = $2) AND ($3::bigint IS NULL OR id < $3)
       AND ($4::bigint IS NULL OR id > $4) AND ($5::timestamptz IS NULL OR date_trunc('milliseconds', at) <= $5)
     ORDER BY id ${after === undefined ? 'DESC' : 'ASC'} LIMIT $6`,
    [symbol ?? null, runId ?? null, before ?? null, after ?? null, until ?? null, limit],
  );
}

/** What a look at the whole chain found. */
export type ChainVerdict =
  | {
      readonly intact: true;
      readonly events: number;
      /** Hex hash of the last event: written down elsewhere, it also shows a record cut short at the end. `null` when empty. */
      readonly head: string | null;
    }
  | {
      readonly intact: false;
      readonly events: number;
      /** The first event that is not as it was appended, or follows one that is missing. */
      readonly brokenAt: string;
      readonly sentence: string;
    };

/**
 * Recomputes every hash of the audit record, in the database.
 * @param expectedHead the head of an earlier verdict; it must still be the hash of some event.
 */
export async function verifyChain(client: Client, expectedHead?: string): Promise<ChainVerdict> {
  const { events, head, brokenAt, known } = oneRow(
    await client.query<{ events: number; head: string | null; brokenAt: string | null; known: boolean }>(
      `WITH chain AS (
       SELECT e.id, e.hash, e.previous_hash = lag(e.hash, 1, '\\x00'::bytea) OVER before AS linked,
         e.id = 1 + lag(e.id, 1, 0::bigint) OVER before AS counted, e.hash = event_hash(e) AS unaltered
       FROM events AS e WINDOW before AS (ORDER BY e.id)
     )
     SELECT count(*)::int AS events, (SELECT encode(hash, 'hex') FROM chain ORDER BY id DESC LIMIT 1) AS head,
       min(id) FILTER (WHERE NOT (linked AND counted AND unaltered)) AS "brokenAt",
       $1::text IS NULL OR coalesce(bool_or(encode(hash, 'hex') = $1), false) AS known
     FROM chain`,
      [expectedHead ?? null],
    ),
  );
  if (brokenAt !== null) {
    const sentence = `Event ${brokenAt} is not as it was appended, or one before it is missing.`;
    return { intact: false, events, brokenAt, sentence };
  }
  if (!known) {
    const sentence = `The record ends at event ${events} without the event whose hash was written down: it was cut short.`;
    return { intact: false, events, brokenAt: String(events + 1), sentence };
  }
  return { intact: true, events, head };
}
