import { ShepherdError } from '../../core/errors.ts';
import { isNonEmpty, last } from '../../core/nonEmpty.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { missingTradingDays } from '../../core/series/missingDays.ts';
import type { Series } from '../../core/series/price.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import type { Database } from '../../db/connection/client.ts';
import { listCloses } from '../../db/tables/prices.ts';
import { findSeries, lockSeries, type NewSeries } from '../../db/tables/series.ts';
import { readPriceCsv, type PriceCsv } from '../../service/csv/priceFile.ts';
import type { CsvInput } from '../../service/csv/text.ts';
import { storeBatch, type StoredBatch } from './store.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';

/** A file of daily values and the series it becomes. */
export interface ImportRequest {
  readonly input: CsvInput;
  readonly symbol: SeriesSymbol;
  readonly column: string | undefined;
  readonly timeZone: string | undefined;
}

/** What an import did. */
export interface Imported {
  readonly file: PriceCsv;
  readonly series: NewSeries;
  readonly stored: StoredBatch;
  /** Trading days that the file should have between its first and its last, and has not. */
  readonly missing: readonly TradingDay[];
}

/**
 * Stores a file as one series, in one transaction.
 * @throws ShepherdError INVALID_CSV, INVALID_PRICE; then nothing is stored.
 */
export async function importSeries(db: Database, request: ImportRequest): Promise<Imported> {
  const { symbol } = request;
  // A series that was brought by one of its file's columns goes on with that one.
  const column = request.column ?? (await findSeries(db, symbol))?.column ?? undefined;
  const file = await readPriceCsv(request.input, { column });
  return db.transaction(async (client) => {
    await lockSeries(client, symbol);
    const before = await findSeries(client, symbol);
    const series: NewSeries = {
      symbol,
      source: before?.source ?? 'csv',
      transform: before?.transform ?? chooseTransform(file.bars.map(({ close }) => close)),
      timeZone: request.timeZone ?? before?.timeZone ?? 'UTC',
      column,
    };
    const odd = series.transform === 'difference' ? undefined : file.bars.find(({ close }) => close <= 0);
    if (odd !== undefined) {
      const what = `${symbol} on ${odd.day}: close is ${odd.close}; expected a price above 0. ${symbol} is stored as a series of prices; import this file under another symbol.`;
      throw new ShepherdError('INVALID_PRICE', what);
    }
    const known = await listCloses(client, symbol);
    const stored = await storeBatch(client, {
      series,
      bars: file.bars,
      problems: [],
      splits: [],
      // A file that holds all days known so far is judged by itself: it replaces them.
      known: covers(file, known) ? { days: [], closes: new Float64Array() } : known,
      replacesHistory: false,
      runId: null,
    });
    const days = file.bars.map(({ day }) => day);
    return { file, series, stored, missing: missingTradingDays(days, series.timeZone) };
  });
}

function covers({ bars }: PriceCsv, { days }: Series): boolean {
  return !isNonEmpty(days) || (bars[0].day <= days[0] && last(bars).day >= last(days));
}
