import type { Client, Database } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { listPromotions, type Promotion } from './promotions.ts';

/**
 * The record of one series, to be checked without a database: the hash of an event is SHA-256 of the one before it and its text (UTF-8).
 * Hashes are hex; the first event follows `00`.
 */
export interface Bundle {
  readonly format: 'shepherd audit bundle 1';
  readonly symbol: SeriesSymbol;
  readonly madeAt: string;
  /** Hash of the last event of the whole record; null when it is empty. */
  readonly head: string | null;
  /**
   * Every event in its order. `text` is the JSON array [id, instant, run, symbol, kind, payload, sentence]; null where the event is about
   * another series, whose hash alone keeps the chain whole.
   */
  readonly events: readonly { readonly id: string; readonly hash: string; readonly text: string | null }[];
  readonly promotions: readonly Promotion[];
  readonly models: readonly {
    readonly version: number;
    readonly arm: string;
    readonly trainedFrom: string;
    readonly trainedTo: string;
    readonly createdAt: string;
    /** Digest of the stored model. */
    readonly sha256: string;
    /** Digest of the data it was trained on. */
    readonly dataDigest: string;
  }[];
}

/** As of one moment, so that its parts agree. */
export function readBundle(db: Database, symbol: SeriesSymbol): Promise<Bundle> {
  return db.transaction(async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return read(client, symbol);
  });
}

async function read(client: Client, symbol: SeriesSymbol): Promise<Bundle> {
  const models = await client.query<Bundle['models'][number]>(
    `SELECT version, arm, trained_from AS "trainedFrom", trained_to AS "trainedTo", created_at AS "createdAt", sha256, data_digest AS "dataDigest"
     FROM models WHERE symbol = $1 ORDER BY version`,
    [symbol],
  );
  const promotions = await listPromotions(client, symbol);
  const events = await client.query<Bundle['events'][number]>(
    `SELECT id, encode(hash, 'hex') AS hash, CASE WHEN symbol IS NULL OR symbol = $1 THEN event_text(e) END AS text
     FROM events AS e ORDER BY id`,
    [symbol],
  );
  const { madeAt } = oneRow(await client.query<{ madeAt: string }>('SELECT now() AS "madeAt"'));
  const head = events.at(-1)?.hash ?? null;
  return { format: 'shepherd audit bundle 1', symbol, madeAt, head, events, promotions, models };
}
