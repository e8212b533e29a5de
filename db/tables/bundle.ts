import type { Client, Database } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { listPromotions, type Promotion } from './promotions.ts';
import { findLastCheckpoint } from './record.ts';

/**
 * The sealed record of one series, to be checked without a database: the hash of a leaf is SHA-256 of a zero byte and its text (UTF-8),
 * that of two beside each other SHA-256 of a one byte and both (RFC 6962).
 */
export interface Bundle {
  readonly format: 'shepherd audit bundle 2';
  readonly symbol: SeriesSymbol;
  readonly madeAt: string;
  /** The key that signs, as Go's `note` package writes it; compare it with one that you were given another way. */
  readonly verifierKey: string;
  /** The newest checkpoint, signed; null where nothing is sealed. */
  readonly checkpoint: string | null;
  /** Every sealed leaf in its place: the text, a JSON array, or the hex hash alone of what is about another series. */
  readonly leaves: readonly ({ readonly text: string } | { readonly hash: string })[];
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
export function readBundle(db: Database, symbol: SeriesSymbol, verifierKey: string): Promise<Bundle> {
  return db.transaction(async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return read(client, symbol, verifierKey);
  });
}

async function read(client: Client, symbol: SeriesSymbol, verifierKey: string): Promise<Bundle> {
  const models = await client.query<Bundle['models'][number]>(
    `SELECT version, arm, trained_from AS "trainedFrom", trained_to AS "trainedTo", created_at AS "createdAt", sha256, data_digest AS "dataDigest"
     FROM models WHERE symbol = $1 ORDER BY version`,
    [symbol],
  );
  const promotions = await listPromotions(client, symbol);
  const leaves = await client.query<{ text: string | null; hash: string }>(
    `SELECT encode(l.hash, 'hex') AS hash, CASE WHEN
         e.id IS NOT NULL AND (e.symbol IS NULL OR e.symbol = $1) OR p.symbol = $1 OR d.symbol = $1 OR m.symbol = $1
       THEN leaf_text(l.source, l.key) END AS text
     FROM record_leaves AS l
     LEFT JOIN events AS e ON l.source = 'event' AND e.id::text = l.key
     LEFT JOIN promotions AS p ON l.source = 'promotion' AND p.id::text = l.key
     LEFT JOIN decisions AS d ON l.source = 'decision' AND d.id::text = l.key
     LEFT JOIN models AS m ON l.source = 'model' AND m.version::text = l.key
     WHERE l.position IS NOT NULL ORDER BY l.position`,
    [symbol],
  );
  const { madeAt } = oneRow(await client.query<{ madeAt: string }>('SELECT now() AS "madeAt"'));
  return {
    format: 'shepherd audit bundle 2',
    symbol,
    madeAt,
    verifierKey,
    checkpoint: (await findLastCheckpoint(client))?.note ?? null,
    leaves: leaves.map(({ text, hash }) => (text === null ? { hash } : { text })),
    promotions,
    models,
  };
}
