import type { BandState } from '../../core/forecast/band.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { Client } from '../connection/client.ts';

/** What an estimator watches of a series with a champion. */
export interface ServedSeries {
  readonly symbol: SeriesSymbol;
  /** Of the model in service. */
  readonly version: ModelVersion;
  /** Of the same model: hash of its weights, and when it was stored. */
  readonly sha256: string;
  readonly createdAt: string;
  /** IANA name of the exchange's zone. */
  readonly timeZone: string;
  /** Changes whenever a day arrives, one of the last is revised, or a forecast that counts is scored. */
  readonly mark: string;
}

/** The payload of a notification on this channel is a symbol: its prices or scores are others now. */
export const PRICES_CHANNEL = 'prices';

/** Tells who serves a series that it has changed, when the caller's transaction commits. */
export async function announcePrices(client: Client, symbol: SeriesSymbol): Promise<void> {
  await client.query('SELECT pg_notify($1, $2)', [PRICES_CHANNEL, symbol]);
}

/** Days looked at for a revision; feeds correct their last days, and an older correction is read with the next new day. */
const WATCHED_DAYS = 12;

/** Every series with a champion, that with the oldest first model first, or one; costs a few index look-ups a series, so that it can be asked every second. */
export function listServedSeries(client: Client, symbol?: SeriesSymbol): Promise<ServedSeries[]> {
  return client.query<ServedSeries>(
    `SELECT c.symbol, c.version, m.sha256, m.created_at AS "createdAt", s.time_zone AS "timeZone", concat_ws(' ', latest.day, latest.stored_at, scored.forecast_id) AS mark
     FROM champions AS c JOIN series AS s USING (symbol) JOIN models AS m USING (symbol, version)
     CROSS JOIN LATERAL (
       SELECT max(day) AS day, max(stored_at) AS stored_at
       FROM (SELECT day, stored_at FROM prices WHERE symbol = c.symbol ORDER BY day DESC LIMIT ${WATCHED_DAYS}) AS last
     ) AS latest
     LEFT JOIN LATERAL (
       SELECT forecast_id FROM forecast_scores WHERE symbol = c.symbol AND horizon = 1 AND in_service ORDER BY day DESC LIMIT 1
     ) AS scored ON true
     CROSS JOIN LATERAL (SELECT id FROM promotions WHERE symbol = c.symbol ORDER BY id LIMIT 1) AS first
     WHERE $1::text IS NULL OR c.symbol = $1 ORDER BY first.id`,
    [symbol ?? null],
  );
}

/** State of the bands after the last scored day; `null` unless `version` is the champion. */
export async function findBand(client: Client, symbol: SeriesSymbol, version: ModelVersion): Promise<BandState | null> {
  const [row] = await client.query<{ band: BandState }>(
    'SELECT band FROM champions WHERE symbol = $1 AND version = $2',
    [symbol, version],
  );
  return row?.band ?? null;
}
