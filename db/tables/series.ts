import { ShepherdError } from '../../core/errors.ts';
import type { ModelSpec } from '../../core/model/spec.ts';
import type { Transform } from '../../core/series/transform.ts';
import type { GivenSettings } from '../../core/settings/given.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client } from '../connection/client.ts';

export type SourceName = 'sample' | 'yahoo' | 'csv';

/** What is known of a series when it is first met. */
export interface NewSeries {
  readonly symbol: SeriesSymbol;
  readonly source: SourceName;
  readonly transform: Transform;
  /** IANA name of the exchange's zone. */
  readonly timeZone: string;
  /** Header of the column to take as the price of a file; absent: as it was, at first the one named as prices are. */
  readonly column?: string | undefined;
}

/** A series that the project follows. */
export interface StoredSeries extends Omit<NewSeries, 'column'> {
  /** Null: the one named as prices are. */
  readonly column: string | null;
  /** Parts of the network's spec chosen for this series alone. */
  readonly model: Partial<ModelSpec>;
  /** Settings chosen for this series alone. */
  readonly settings: GivenSettings;
}

const COLUMNS = `symbol, source, transform, time_zone AS "timeZone", price_column AS "column", model, settings`;

/** Stores a series, or brings a known one up to date. */
export async function saveSeries(
  client: Client,
  { symbol, source, transform, timeZone, column }: NewSeries,
): Promise<void> {
  await client.query(
    `INSERT INTO series (symbol, source, transform, time_zone, price_column) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (symbol) DO UPDATE
     SET source = excluded.source, transform = excluded.transform, time_zone = excluded.time_zone,
       price_column = coalesce(excluded.price_column, series.price_column)`,
    [symbol, source, transform, timeZone, column ?? null],
  );
}

/**
 * Holds a series against other writers of its prices and findings until the transaction ends: whoever writes either takes it first, so that
 * none waits for another in a circle. Nothing is held of a series that is not stored yet.
 */
export async function lockSeries(transaction: Client, symbol: SeriesSymbol): Promise<void> {
  await transaction.query('SELECT FROM series WHERE symbol = $1 FOR NO KEY UPDATE', [symbol]);
}

/** The same for the series of a finding; `undefined` where there is no such finding. */
export async function lockSeriesOfFault(transaction: Client, id: string): Promise<StoredSeries | undefined> {
  const [row] = await transaction.query<StoredSeries>(
    `SELECT ${COLUMNS} FROM series WHERE symbol = (SELECT symbol FROM feed_faults WHERE id = $1) FOR NO KEY UPDATE`,
    [id],
  );
  return row;
}

export async function findSeries(client: Client, symbol: SeriesSymbol): Promise<StoredSeries | undefined> {
  const [row] = await client.query<StoredSeries>(`SELECT ${COLUMNS} FROM series WHERE symbol = $1`, [symbol]);
  return row;
}

/** @throws ShepherdError UNKNOWN_SYMBOL naming some of those there are. */
export async function requireSeries(client: Client, symbol: SeriesSymbol): Promise<StoredSeries> {
  const series = await findSeries(client, symbol);
  if (series !== undefined) return series;
  const known = (await listSeries(client)).map((each) => each.symbol);
  const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')} and ${known.length - 20} more` : known.join(', ');
  throw new ShepherdError('UNKNOWN_SYMBOL', `There is no series ${symbol}; known: ${shown || 'none'}.`);
}

/** All series, by symbol. */
export function listSeries(client: Client): Promise<StoredSeries[]> {
  return client.query<StoredSeries>(`SELECT ${COLUMNS} FROM series ORDER BY symbol`);
}

/** Chooses parts of the network's spec for one series; the rest keeps its defaults. */
export async function saveModelParameters(
  client: Client,
  symbol: SeriesSymbol,
  model: Partial<ModelSpec>,
): Promise<void> {
  await client.query('UPDATE series SET model = $2 WHERE symbol = $1', [symbol, JSON.stringify(model)]);
}

/** The settings chosen for one series, held against other writers until the transaction ends. @throws ShepherdError UNKNOWN_SYMBOL. */
export async function lockSettings(transaction: Client, symbol: SeriesSymbol): Promise<GivenSettings> {
  await transaction.query('SELECT FROM series WHERE symbol = $1 FOR UPDATE', [symbol]);
  return (await requireSeries(transaction, symbol)).settings;
}

/** Replaces the settings chosen for one series. */
export async function saveSettings(client: Client, symbol: SeriesSymbol, settings: GivenSettings): Promise<void> {
  await client.query('UPDATE series SET settings = $2 WHERE symbol = $1', [symbol, JSON.stringify(settings)]);
}
