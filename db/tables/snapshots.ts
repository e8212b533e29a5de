import { ShepherdError } from '../../core/errors.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import type { Client } from '../connection/client.ts';

/** Keeps the closes that a model is trained on, as they stand now, under their digest; the same closes are kept once. */
export async function saveSnapshot(client: Client, dataDigest: string, { days, closes }: Series): Promise<void> {
  await client.query(
    `INSERT INTO snapshots (data_digest, days, closes) VALUES ($1, $2::date[], $3::float8[]) ON CONFLICT DO NOTHING`,
    [dataDigest, `{${days.join(',')}}`, `{${closes.join(',')}}`],
  );
}

/** @throws ShepherdError UNKNOWN_VERSION when no snapshot has this digest. */
export async function getSnapshot(client: Client, dataDigest: string): Promise<Series> {
  const [row] = await client.query<{ days: TradingDay[]; closes: number[] }>(
    'SELECT days, closes FROM snapshots WHERE data_digest = $1',
    [dataDigest],
  );
  if (row === undefined) {
    throw new ShepherdError('UNKNOWN_VERSION', `There is no snapshot of training data with the digest ${dataDigest}.`);
  }
  return { days: row.days, closes: Float64Array.from(row.closes) };
}
