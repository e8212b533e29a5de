import { ShepherdError } from '../../core/errors.ts';
import type { Series } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client } from '../../db/connection/client.ts';
import { listSeries } from '../../db/tables/prices.ts';
import { requireSeries, type StoredSeries } from '../../db/tables/series.ts';

/** The closes of a stored series, one at least, and what is kept of it. */
export interface StoredHistory {
  readonly kept: StoredSeries;
  readonly series: Series;
}

/** @throws ShepherdError UNKNOWN_SYMBOL, TOO_FEW_VALUES where nothing was ever pulled. */
export async function readStoredHistory(client: Client, symbol: SeriesSymbol): Promise<StoredHistory> {
  const kept = await requireSeries(client, symbol);
  const series = await listSeries(client, symbol);
  if (series.days.length > 0) return { kept, series };
  throw new ShepherdError('TOO_FEW_VALUES', `There are no prices of ${symbol}; run: shepherd pull --symbol ${symbol}`);
}
