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
  // Instants cross as milliseconds, so that is how precisely they are compared.
  const [row] = await client.query<Promotion>(
    `SELECT ${COLUMNS} FROM promotions
     WHERE symbol = $1 AND date_trunc('milliseconds', at) <= $2 ORDER BY id DESC LIMIT 1`,
    [symbol, at],
  );
  return row;
}

/** What the chained record says was live. */
export interface RecordedChampion {
  readonly version: number;
  /** The event that tells of its promotion, and when it was told. */
  readonly eventId: string;
  readonly at: string;
  /** The event is as it was appended, and follows the one before it. */
  readonly sealed: boolean;
}

/**
 * The champion at an instant (ISO text) by the chained record, which no row put into a table beside it changes; `undefined` before the
 * first.
 */
export async function findRecordedChampion(
  client: Client,
  symbol: string,
  at: string,
): Promise<RecordedChampion | undefined> {
  const [row] = await client.query<RecordedChampion>(
    `SELECT coalesce(e.payload ->> 'version', e.payload ->> 'to')::int AS version, e.id AS "eventId", e.at,
       e.hash = event_hash(e) AND e.previous_hash = coalesce((SELECT hash FROM events WHERE id = e.id - 1), '\\x00') AS sealed
     FROM events AS e
     WHERE symbol = $1 AND kind IN ('champion:promoted', 'champion:rolled-back') AND date_trunc('milliseconds', at) <= $2
     ORDER BY e.id DESC LIMIT 1`,
    [symbol, at],
  );
  return row;
}
