import type { ShepherdError } from '../../core/errors.ts';
import { isNonEmpty, last, type NonEmpty } from '../../core/nonEmpty.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import {
  findRowFault,
  readFeedRows,
  withoutClosedDays,
  type RowValues,
  type UncheckedRow,
} from '../../core/feed/row.ts';
import { readDays } from './day.ts';
import { listed } from './columns.ts';
import { readTable, titleOf, valueReader, type PriceTable } from './table.ts';
import { mapInTurns } from './turns.ts';
import { csvError, type CsvInput, type CsvRecord } from './text.ts';

export interface PriceCsv {
  /** Ascending, one a day, finite; not necessarily above 0. */
  readonly bars: NonEmpty<PriceBar>;
  /** Rows of the file without its header. */
  readonly rows: number;
  /** Header of the column taken as the price. */
  readonly column: string;
}

/** The values of a file, oldest first. */
export interface ValuesCsv {
  readonly values: Float64Array;
  /** Of the last value; `null` where the file has no days. */
  readonly lastDay: TradingDay | null;
}

export interface PriceCsvOptions {
  /** Column to take as the price; the one named as prices are, or the only other column, when left out. */
  readonly column?: string | undefined;
}

/**
 * Reads a file of daily prices: Yahoo's columns (Date, Open, High, Low, Close, Adj Close, Volume in any case), or a day and a value.
 * Rows may come in any order; a day written twice must say the same twice; an empty price means that nobody traded.
 * @throws ShepherdError INVALID_CSV naming file, line and column, what was read and what was expected.
 */
export async function readPriceCsv(input: CsvInput, { column }: PriceCsvOptions = {}): Promise<PriceCsv> {
  return pricesOf(await readTable(input, column));
}

/** The same of a file whose columns are chosen. @throws ShepherdError INVALID_CSV */
export async function pricesOf(table: PriceTable): Promise<PriceCsv> {
  const { day, close } = table.columns;
  if (day === undefined)
    throw csvError(table.name, { line: 1 }, `expected a column "Date"; found ${listed(table.header)}`);
  return { bars: await readBars(table, day), rows: table.rows.length, column: titleOf(table, close) };
}

/**
 * Reads the values alone, by the same rules; a file without a column of days is taken as it stands, oldest first.
 * @throws ShepherdError INVALID_CSV
 */
export async function readValuesCsv(input: CsvInput, column: string | undefined): Promise<ValuesCsv> {
  return valuesOf(await readTable(input, column));
}

/** The same of a file whose columns are chosen. @throws ShepherdError INVALID_CSV */
export async function valuesOf(table: PriceTable): Promise<ValuesCsv> {
  const { day } = table.columns;
  if (day !== undefined) {
    const bars = await readBars(table, day);
    return { values: Float64Array.from(bars, ({ close }) => close), lastDay: last(bars).day };
  }
  const rows = await mapInTurns(table.rows, rowReader(table));
  const traded = rows.flatMap(({ close, ...row }) => (close === null ? [] : [{ ...row, close }]));
  const kept = withoutClosedDays(traded);
  if (kept.length === 0) throw withoutPrice(table);
  return { values: Float64Array.from(kept, ({ close }) => close), lastDay: null };
}

async function readBars(table: PriceTable, dayColumn: number): Promise<NonEmpty<PriceBar>> {
  const rows = mergeDays(table, await readRows(table, dayColumn));
  // Each row has passed its checks as it was read.
  const { bars } = readFeedRows(
    table.name,
    [...rows.values()].map(({ row }) => row),
  );
  if (!isNonEmpty(bars)) throw withoutPrice(table);
  return bars;
}

function withoutPrice(table: PriceTable): ShepherdError {
  const column = titleOf(table, table.columns.close);
  return csvError(table.name, { column }, 'holds no price; expected a number in at least one row');
}

interface DatedRow {
  readonly line: number;
  readonly row: UncheckedRow;
}

/** Reads the values of a row and checks them as those of a feed's are. @throws ShepherdError INVALID_CSV, once the reader is at the row. */
function rowReader(table: PriceTable): (row: CsvRecord) => RowValues {
  const read = valueReader(table);
  return (record) => {
    const values = { ...NOTHING, ...read(record) };
    const fault = findRowFault(values);
    if (fault === undefined) return values;
    const column = [...table.columns.fields].find(([field]) => field === fault.field)?.[1];
    const title = column === undefined ? undefined : titleOf(table, column);
    throw csvError(table.name, { line: record.line, column: title }, fault.what);
  };
}

const NOTHING = { close: null, open: null, high: null, low: null, adjustedClose: null, volume: null };

async function readRows(table: PriceTable, dayColumn: number): Promise<DatedRow[]> {
  const read = await readDays(table.rows, ({ cells }) => cells[dayColumn] ?? '');
  if (!read.ok) {
    throw csvError(table.name, { line: read.row.line, column: titleOf(table, dayColumn) }, read.problem);
  }
  const readRow = rowReader(table);
  return mapInTurns(read.dated, ({ row, day }) => ({ line: row.line, row: { day, ...readRow(row) } }));
}

function mergeDays(table: PriceTable, rows: readonly DatedRow[]): Map<TradingDay, DatedRow> {
  const merged = new Map<TradingDay, DatedRow>();
  for (const dated of rows) {
    const { line, row } = dated;
    const before = merged.get(row.day);
    if (before === undefined) {
      merged.set(row.day, dated);
      continue;
    }
    for (const [field, index] of table.columns.fields) {
      if (before.row[field] === row[field]) continue;
      const problem = `${row.day} is ${String(row[field])} here and ${String(before.row[field])} in line ${before.line}; expected one row a day`;
      throw csvError(table.name, { line, column: titleOf(table, index) }, problem);
    }
  }
  return merged;
}
