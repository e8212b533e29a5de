import { basename } from 'node:path';
import { parseArgs } from 'node:util';
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
import { isTimeZone } from '../feeds/exchangeDay.ts';
import { storeBatch, type StoredBatch } from './store.ts';
import { tellFaults } from './story.ts';
import { parseSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';
import { wholeNumber } from '../../core/prose/figures.ts';
import { plural } from '../../core/prose/plural.ts';

export const IMPORT_USAGE = 'shepherd import <csv> --symbol S [--column C] [--time-zone Z] [--json]';

export interface ImportShell {
  readonly db: Database;
  /** Where a line for people, or the JSON, goes. */
  readonly io: { readonly out: (line: string) => void; readonly err: (line: string) => void };
}

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
 * `shepherd import`: stores a file of prices as one series, all of it or nothing. Importing a file again changes nothing.
 * @param args what follows the word `import`.
 * @returns the exit status: 0, or that of the error's code.
 */
export async function runImport(args: readonly string[], { db, io }: ImportShell): Promise<number> {
  try {
    const { path, json, ...request } = readArguments(args);
    const imported = await importSeries(db, { ...request, input: { path } });
    if (json) io.out(JSON.stringify({ file: path, ...describeImport(imported) }));
    else for (const line of toLines(basename(path), imported)) io.out(line);
    return 0;
  } catch (error) {
    if (!(error instanceof ShepherdError)) throw error;
    io.err(error.message);
    return error.exitStatus;
  }
}

function readArguments(args: readonly string[]): Omit<ImportRequest, 'input'> & { path: string; json: boolean } {
  const { values, positionals } = parse(args);
  const [path] = positionals;
  if (path === undefined || positionals.length > 1 || values.symbol === undefined) {
    throw new ShepherdError('INVALID_INPUT', `Expected one file and a symbol: ${IMPORT_USAGE}`);
  }
  const timeZone = values['time-zone'];
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const what = `--time-zone "${timeZone.slice(0, 40)}" is not a time zone; expected an IANA name such as America/New_York.`;
    throw new ShepherdError('INVALID_INPUT', what);
  }
  return { path, symbol: parseSymbol(values.symbol), column: values.column, timeZone, json: values.json };
}

function parse(args: readonly string[]): {
  values: { symbol?: string; column?: string; 'time-zone'?: string; json: boolean };
  positionals: string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        symbol: { type: 'string' },
        column: { type: 'string' },
        'time-zone': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const [problem] = cause instanceof Error ? cause.message.split('. ') : [];
    throw new ShepherdError('INVALID_INPUT', `${problem ?? 'Unknown option'}. Usage: ${IMPORT_USAGE}`, { cause });
  }
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

function sayTransform({ file, series }: Imported): string {
  const changes = series.transform === 'log-return' ? 'log returns' : 'differences';
  const suggested = chooseTransform(file.bars.map(({ close }) => close));
  if (suggested !== series.transform) return `${changes}, as when the series was first stored`;
  return `${changes}, as ${suggested === 'log-return' ? 'every value is' : 'not every value is'} above 0`;
}

function sayMissing(missing: readonly TradingDay[]): string {
  const count = plural(missing.length, 'expected trading day');
  return missing.length === 1
    ? `${count} is missing: ${missing[0] ?? ''}.`
    : `${count} are missing, the first ${missing[0] ?? ''}, the last ${missing.at(-1) ?? ''}.`;
}

function toLines(name: string, imported: Imported): string[] {
  const { file, series, stored, missing } = imported;
  const { symbol } = series;
  const [from, to] = [file.bars[0].day, last(file.bars).day];
  const { inserted, revised, unchanged, faults } = stored;
  return [
    `${symbol}: read ${plural(file.rows, 'row')} of ${name}, column "${file.column}", ${from} to ${to}.`,
    `${symbol}: ${wholeNumber(inserted)} new, ${wholeNumber(revised.length)} revised, ${wholeNumber(unchanged)} unchanged.`,
    ...(missing.length > 0 ? [`${symbol}: ${sayMissing(missing)}`] : []),
    ...(isNonEmpty(faults) ? [`${symbol}: ${tellFaults(faults).sentence}`] : []),
    `${symbol}: the model sees ${sayTransform(imported)}.`,
  ];
}

/** An import as plain JSON. */
export function describeImport({ file, series, stored, missing }: Imported): object {
  const { inserted, revised, unchanged, faults } = stored;
  return {
    symbol: series.symbol,
    column: file.column,
    rows: file.rows,
    firstDay: file.bars[0].day,
    lastDay: last(file.bars).day,
    inserted,
    revised: revised.length,
    unchanged,
    missing: missing.length === 0 ? null : { days: missing.length, first: missing[0], last: missing.at(-1) },
    faults: faults.map(({ day, kind, sentence }) => ({ day, kind, sentence })),
    transform: series.transform,
    timeZone: series.timeZone,
  };
}
