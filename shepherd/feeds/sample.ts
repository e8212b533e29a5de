import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ShepherdError } from '../../core/errors.ts';
import { parseDay, type TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import { parseSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';
import { readPriceCsv } from '../../service/csv/priceFile.ts';
import { clipToRange, type PriceSource } from './source.ts';

export const SAMPLE_SYMBOL = parseSymbol('GSPC');
/** There at once; the crash of March 2020 comes five months of trading later. */
export const SAMPLE_STARTS = parseDay('2019-10-01');
const SAMPLE_ENDS = parseDay('2020-04-17');
const TIME_ZONE = 'America/New_York';

export interface SampleOptions {
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** `SAMPLE_DAY_SECONDS`: a trading day arrives every so many seconds. */
  readonly secondsADay: number;
  /** The last day already stored: the play goes on from there after a restart. */
  readonly lastStoredDay?: TradingDay | undefined;
  /** Path of the file of prices; the one of `vega-datasets` when left out. */
  readonly file?: string;
}

export interface SampleSource extends PriceSource {
  /** Until the next trading day arrives; `undefined` once the last one has. */
  secondsToNextDay(): number | undefined;
}

/**
 * The S&P 500 of 2000-01-03..2020-04-17, played like a live feed on a calendar of its own: its clock shows the day that arrived last.
 * @throws ShepherdError INVALID_CONFIG when the file is not installed.
 */
export async function createSampleSource(options: SampleOptions): Promise<SampleSource> {
  const { now, secondsADay } = options;
  const bars = await readSample(options.file ?? findSampleFile());
  const last = bars.length - 1;
  const resumeAt = options.lastStoredDay ?? SAMPLE_STARTS;
  const start = Math.max(indexOnOrBefore(bars, SAMPLE_STARTS), indexOnOrBefore(bars, resumeAt));
  const startedAt = now();

  const elapsedDays = (): number => (now() - startedAt) / 1_000 / secondsADay;
  const arrived = (): number => Math.min(last, start + Math.max(0, Math.floor(elapsedDays())));
  const requireSample = (symbol: SeriesSymbol): void => {
    if (symbol === SAMPLE_SYMBOL) return;
    const what = `The sample source has only ${SAMPLE_SYMBOL}, not "${symbol}".`;
    throw new ShepherdError('UNKNOWN_SYMBOL', `${what} Set SOURCE=yahoo or SOURCE=csv for other symbols.`);
  };

  return {
    name: 'sample',
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- `arrived` is at most the last index
    today: () => bars[arrived()]!.day,
    describe: async (symbol) => {
      requireSample(symbol);
      return Promise.resolve({ timeZone: TIME_ZONE });
    },
    fetchBars: async (symbol, range) => {
      requireSample(symbol);
      const visible = bars.slice(0, arrived() + 1);
      return Promise.resolve({ bars: clipToRange(visible, range), problems: [], splits: [], timeZone: TIME_ZONE });
    },
    isOver: () => arrived() === last,
    secondsToNextDay: () =>
      arrived() === last ? undefined : secondsADay * (arrived() + 1 - start) - (now() - startedAt) / 1_000,
  };
}

async function readSample(path: string): Promise<readonly PriceBar[]> {
  const { bars } = await readPriceCsv({ path });
  return clipToRange(bars, { to: SAMPLE_ENDS });
}

/** The package exports only its code, beside which the data lie. */
function findSampleFile(): string {
  let path: string | undefined;
  try {
    path = fileURLToPath(new URL('../data/sp500-2000.csv', import.meta.resolve('vega-datasets')));
  } catch {
    // told below, as for a file that is gone
  }
  if (path !== undefined && existsSync(path)) return path;
  const remedy = 'run npm install without --omit=dev, or set SOURCE=yahoo or SOURCE=csv';
  throw new ShepherdError('INVALID_CONFIG', `SOURCE=sample needs the npm package vega-datasets: ${remedy}.`);
}

/** Index of the last bar up to `day`; 0 when all are later. */
function indexOnOrBefore(bars: readonly PriceBar[], day: TradingDay): number {
  return Math.max(
    0,
    bars.findLastIndex((bar) => bar.day <= day),
  );
}
