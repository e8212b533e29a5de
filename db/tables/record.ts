import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';

/** Where a sealed text comes from. */
export type LeafSource = 'event' | 'promotion' | 'decision' | 'model' | 'snapshot';

/** A signed head of the record as it is stored; what it says stands in the note alone. */
export interface StoredCheckpoint {
  readonly size: number;
  /** Roots of the tree's complete subtrees, largest first. */
  readonly frontier: Uint8Array;
  readonly note: string;
}

const SEAL_LOCK = 7_316_425;

/** Any number may want to seal at once: until its transaction ends, one does. False for the others, at once. */
export async function trySealing(client: Client): Promise<boolean> {
  return oneRow(
    await client.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1::bigint) AS mine', [SEAL_LOCK]),
  ).mine;
}

/** The newest, unless there is none. */
export async function findLastCheckpoint(client: Client): Promise<StoredCheckpoint | undefined> {
  const [last] = await client.query<StoredCheckpoint>(
    'SELECT size::float8 AS size, frontier, note FROM checkpoints ORDER BY checkpoints.size DESC LIMIT 1',
  );
  return last;
}

/** The one over exactly so many leaves. */
export async function findCheckpoint(client: Client, size: number): Promise<StoredCheckpoint | undefined> {
  const [found] = await client.query<StoredCheckpoint>(
    'SELECT size::float8 AS size, frontier, note FROM checkpoints AS c WHERE c.size = $1',
    [size],
  );
  return found;
}

/** Those over more than `size` leaves, the smallest first. */
export function listCheckpoints(client: Client, size: number): Promise<StoredCheckpoint[]> {
  return client.query<StoredCheckpoint>(
    'SELECT size::float8 AS size, frontier, note FROM checkpoints AS c WHERE c.size > $1 ORDER BY c.size',
    [size],
  );
}

export async function saveCheckpoint(client: Client, { size, frontier, note }: StoredCheckpoint): Promise<void> {
  await client.query('INSERT INTO checkpoints (size, frontier, note) VALUES ($1, $2, $3)', [
    size,
    Buffer.from(frontier),
    note,
  ]);
}

/** Gives what has been committed and is not sealed yet its place, from `from` on; answers the hashes in their order. */
export async function placeLeaves(client: Client, from: number, limit: number): Promise<Uint8Array[]> {
  const rows = await client.query<{ hash: Uint8Array }>(
    `WITH due AS (
       SELECT id, $1 + row_number() OVER (ORDER BY id) - 1 AS place FROM record_leaves WHERE position IS NULL ORDER BY id LIMIT $2
     ), placed AS (
       UPDATE record_leaves AS l SET position = due.place,
         hash = coalesce(leaf_hash(l.source, l.key), sha256('\\x00'::bytea || convert_to(format('["gone", "%s", "%s"]', l.source, l.key), 'UTF8')))
       FROM due WHERE l.id = due.id RETURNING l.position, l.hash
     )
     SELECT hash FROM placed ORDER BY position`,
    [from, limit],
  );
  return rows.map(({ hash }) => hash);
}

/** A leaf beside what its row says now. */
export interface FoundLeaf {
  readonly position: number;
  readonly source: LeafSource;
  readonly key: string;
  readonly hash: Uint8Array;
  /** Whether the row still hashes to it; null where the row is gone. */
  readonly unaltered: boolean | null;
  /** When the row says that it was made; null for what bears no time. */
  readonly at: string | null;
}

/** Sealed leaves from a place on, in their order. */
export function listLeaves(client: Client, from: number, limit: number): Promise<FoundLeaf[]> {
  return client.query<FoundLeaf>(
    `SELECT position::float8 AS position, source, key, hash, leaf_hash(source, key) = hash AS unaltered, leaf_at(source, key) AS at
     FROM record_leaves AS l WHERE l.position >= $1 ORDER BY l.position LIMIT $2`,
    [from, limit],
  );
}

/** A row that should be in the record and is not entered there: it was put in beside it. */
export interface Stray {
  readonly source: LeafSource;
  readonly key: string;
}

const TABLES = {
  event: ['events', 'id'],
  promotion: ['promotions', 'id'],
  decision: ['decisions', 'id'],
  model: ['models', 'version'],
  snapshot: ['snapshots', 'data_digest'],
} as const satisfies Record<LeafSource, readonly [string, string]>;

/** Rows of these sources that were never entered, and entries not yet sealed whose row is gone. */
export async function listStrays(client: Client, sources: readonly LeafSource[]): Promise<Stray[]> {
  const found: Stray[] = [];
  for (const source of sources) {
    const [table, key] = TABLES[source];
    found.push(
      ...(await client.query<Stray>(
        `SELECT $1 AS source, t.${key}::text AS key FROM ${table} AS t
         WHERE NOT EXISTS (SELECT FROM record_leaves AS l WHERE l.source = $1 AND l.key = t.${key}::text) ORDER BY 2`,
        [source],
      )),
    );
  }
  return found;
}

/** What waits for the next batch, and how much of it is no longer there. */
export async function countUnsealed(client: Client): Promise<{ readonly waiting: number; readonly gone: number }> {
  return oneRow(
    await client.query<{ waiting: number; gone: number }>(
      `SELECT count(*)::int AS waiting, (count(*) FILTER (WHERE leaf_text(source, key) IS NULL))::int AS gone
       FROM record_leaves WHERE position IS NULL`,
    ),
  );
}

/** Series whose champion, or whose list of promotions, is not what the events of the record tell. */
export function listDisputedChampions(
  client: Client,
): Promise<
  { readonly symbol: string; readonly champion: number | null; readonly promoted: string; readonly told: string }[]
> {
  return client.query(
    `SELECT s.symbol, c.version AS champion, coalesce(p.versions, '') AS promoted, coalesce(e.versions, '') AS told
     FROM series AS s LEFT JOIN champions AS c USING (symbol)
     LEFT JOIN (SELECT symbol, string_agg(version::text, ',' ORDER BY id) AS versions FROM promotions GROUP BY symbol) AS p USING (symbol)
     LEFT JOIN (
       SELECT symbol, string_agg(coalesce(payload ->> 'version', payload ->> 'to'), ',' ORDER BY id) AS versions
       FROM events WHERE kind IN ('champion:promoted', 'champion:rolled-back') GROUP BY symbol
     ) AS e USING (symbol)
     WHERE coalesce(p.versions, '') <> coalesce(e.versions, '')
       OR coalesce(c.version::text, '') <> coalesce(substring(e.versions FROM '[0-9]+$'), '') ORDER BY symbol`,
  );
}

/** The database's clock, ISO text. */
export async function readClock(client: Client): Promise<string> {
  return oneRow(await client.query<{ now: string }>('SELECT clock_timestamp() AS now')).now;
}

/** The log's name: a restored database is another log. Current first. */
export async function listOrigins(client: Client): Promise<string[]> {
  const rows = await client.query<{ id: string }>('SELECT id FROM incarnations ORDER BY number DESC');
  return rows.map(({ id }) => `shepherd/${id}`);
}
