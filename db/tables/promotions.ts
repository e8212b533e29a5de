import type { TenureStart } from '../../core/cycle/tenure.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../connection/client.ts';

export type PromotionKind = 'first' | 'gate' | 'forced' | 'rollback';

/** A change of champion as it is recorded. */
export interface Promotion {
  readonly id: string;
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly previous: ModelVersion | null;
  readonly kind: PromotionKind;
  readonly reason: string;
  readonly runId: RunId | null;
  /** Who did it: login and host, `token`, or `schedule`; null in records older than this field. */
  readonly by: string | null;
  readonly at: string;
}

const COLUMNS = 'id, symbol, version, previous, kind, reason, run_id AS "runId", by, at';

/** What was live and why, the newest first. @param limit all when left out. */
export function listPromotions(client: Client, symbol: SeriesSymbol, limit?: number): Promise<Promotion[]> {
  return client.query<Promotion>(`SELECT ${COLUMNS} FROM promotions WHERE symbol = $1 ORDER BY id DESC LIMIT $2`, [
    symbol,
    limit ?? null,
  ]);
}

/** Every change of champion in the order in which they happened, for `versionInService`. */
export function listTenureStarts(client: Client, symbol: SeriesSymbol): Promise<TenureStart[]> {
  return client.query<TenureStart>(
    'SELECT version, promoted_on AS "promotedOn" FROM promotions WHERE symbol = $1 ORDER BY id',
    [symbol],
  );
}

/** The promotion that was in force at an instant (ISO text); `undefined` before the first. */
export async function findPromotionAt(
  client: Client,
  symbol: SeriesSymbol,
  at: string,
): Promise<Promotion | undefined> {
  const [row] = await client.query<Promotion>(
    `SELECT ${COLUMNS} FROM promotions
     WHERE symbol = $1 AND at < $2::timestamptz + interval '1 millisecond' ORDER BY at DESC, id DESC LIMIT 1`,
    [symbol, at],
  );
  return row;
}

/** What the record of events says was live. */
export interface RecordedChampion {
  readonly version: number;
  /** The event that tells of its promotion, and when it was told. */
  readonly eventId: string;
  readonly at: string;
  /** Whether the event stands as it was sealed, waits for the next batch, or is in the record by no regular way. */
  readonly seal: 'sealed' | 'waiting' | 'altered';
}

/**
 * The champion at an instant (ISO text) by the record, which no row put into a table beside it changes; `undefined` before the first.
 */
export async function findRecordedChampion(
  client: Client,
  symbol: string,
  at: string,
): Promise<RecordedChampion | undefined> {
  const [row] = await client.query<RecordedChampion>(
    `SELECT coalesce(e.payload ->> 'version', e.payload ->> 'to')::int AS version, e.id AS "eventId", e.at,
       CASE WHEN l.id IS NULL THEN 'altered' WHEN l.position IS NULL THEN 'waiting'
         WHEN l.hash = leaf_hash(l.source, l.key) THEN 'sealed' ELSE 'altered' END AS seal
     FROM events AS e LEFT JOIN record_leaves AS l ON l.source = 'event' AND l.key = e.id::text
     WHERE symbol = $1 AND kind IN ('champion:promoted', 'champion:rolled-back') AND at < $2::timestamptz + interval '1 millisecond'
     ORDER BY e.id DESC LIMIT 1`,
    [symbol, at],
  );
  return row;
}
