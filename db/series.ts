import type { Transform } from '../core/series/transform.ts';
import type { Client } from './client.ts';

export type SourceName = 'sample' | 'yahoo' | 'csv';

/** A series that the project follows. */
export interface StoredSeries {
  readonly symbol: string;
  readonly source: SourceName;
  readonly transform: Transform;
  /** IANA name of the exchange's zone. */
  readonly timeZone: string;
}

const COLUMNS = `symbol, source, transform, time_zone AS "timeZone"`;

/** Stores a series, or brings a known one up to date. */
export async function saveSeries(client: Client, { symbol, source, transform, timeZone }: StoredSeries): Promise<void> {
  await client.query(
    `INSERT INTO series (symbol, source, transform, time_zone) VALUES ($1, $2, $3, $4)
     ON CONFLICT (symbol) DO UPDATE
     SET source = excluded.source, transform = excluded.transform, time_zone = excluded.time_zone`,
    [symbol, source, transform, timeZone],
  );
}

export async function findSeries(client: Client, symbol: string): Promise<StoredSeries | undefined> {
  const [row] = await client.query<StoredSeries>(`SELECT ${COLUMNS} FROM series WHERE symbol = $1`, [symbol]);
  return row;
}

/** All series, by symbol. */
export function listSeries(client: Client): Promise<StoredSeries[]> {
  return client.query<StoredSeries>(`SELECT ${COLUMNS} FROM series ORDER BY symbol`);
}
