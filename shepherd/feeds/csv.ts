import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ShepherdError } from '../../core/errors.ts';
import { dayOfInstant } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { readPriceCsv } from '../../service/csv/priceFile.ts';
import { clipToRange, type PriceSource } from './source.ts';

export interface CsvSourceOptions {
  /** A file (whatever the symbol), or a folder of `SYMBOL.csv` files. */
  readonly path: string;
  readonly column?: string | undefined;
  /** Files do not say where they were traded. */
  readonly timeZone?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Files as a live feed: they are read again at each pull, so that rows appended to them arrive. */
export function createCsvSource(options: CsvSourceOptions): PriceSource {
  const { path, column, timeZone = 'UTC' } = options;
  return {
    name: 'csv',
    today: () => dayOfInstant(options.now()),
    describe: async (symbol) => {
      await findFile(path, symbol);
      return { timeZone };
    },
    fetchBars: async (symbol, question, signal) => {
      if (signal?.aborted === true) throw new ShepherdError('CANCELLED', 'The pull was stopped before it was done.');
      const { bars } = await readPriceCsv(
        { path: await findFile(path, symbol) },
        { column: question.column ?? column },
      );
      return { bars: clipToRange(bars, question), problems: [], splits: [], timeZone };
    },
  };
}

/** @throws ShepherdError UNKNOWN_SYMBOL naming the files there are; INVALID_CSV when the path itself is not there. */
async function findFile(path: string, symbol: SeriesSymbol): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return path;
  // Chosen from the listing, so that no symbol reaches outside the folder.
  const files = (await readdir(path)).filter((file) => extname(file).toLowerCase() === '.csv').sort();
  const file = files.find((name) => basename(name, extname(name)).toUpperCase() === symbol.toUpperCase());
  if (file !== undefined) return join(path, file);
  const known = files.length === 0 ? 'no .csv files' : files.slice(0, 20).join(', ');
  throw new ShepherdError('UNKNOWN_SYMBOL', `There is no ${symbol}.csv in ${path}; it holds ${known}.`);
}
