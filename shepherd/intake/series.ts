import { ShepherdError } from '../../core/errors.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Database } from '../../db/connection/client.ts';
import { findSeries, saveSeries } from '../../db/tables/series.ts';
import type { Log } from '../../service/log.ts';
import type { PriceSource } from '../feeds/source.ts';

/**
 * Makes the series known that the settings name and the database has not seen yet, so that runs can be queued for them. The first
 * pull settles transform and time zone; a feed that does not answer now is asked again by the run.
 * @throws ShepherdError UNKNOWN_SYMBOL.
 */
export async function ensureSeries(
  db: Database,
  source: PriceSource,
  symbols: readonly SeriesSymbol[],
  log: Pick<Log, 'note'>,
): Promise<void> {
  for (const symbol of symbols) {
    if ((await findSeries(db, symbol)) !== undefined) continue;
    const timeZone = await askTimeZone(source, symbol);
    await saveSeries(db, { symbol, source: source.name, transform: 'log-return', timeZone });
    log.note(`${symbol}: now followed, from ${source.name}.`);
  }
}

async function askTimeZone(source: PriceSource, symbol: SeriesSymbol): Promise<string> {
  try {
    return (await source.describe(symbol)).timeZone;
  } catch (error) {
    if (error instanceof ShepherdError && error.code === 'FEED_UNAVAILABLE') return 'UTC';
    throw error;
  }
}
