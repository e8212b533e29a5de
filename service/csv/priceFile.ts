import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import { findColumns, type CsvColumns, type PriceField } from './columns.ts';
import { readDays } from './day.ts';
import { findDecimalMark, readNumber, saysNothing, type DecimalMark } from './number.ts';
import { csvError, nameOf, readCsvText, type CsvInput, type CsvRecord } from './text.ts';
import { readFeedRows, type UncheckedRow } from '../../core/feed/row.ts';

export interface PriceCsv {
  /** Ascending, one a day, finite; not necessarily above 0. */
  readonly bars: readonly PriceBar[];
  /** Rows of the file without its header. */
  readonly rows: number;
  /** Header of the column taken as the price. */
  readonly column: string;
}

export interface PriceCsvOptions {
  /** Column to take as the price; `Close`, or the only other column, when left out. */
  readonly column?: string | undefined;
  /** For messages. */
  readonly symbol?: string | undefined;
}

/**
 * Reads a file of daily prices: Yahoo's columns (Date, Open, High, Low, Close, Adj Close, Volume in any case), or a day and a value.
 * Rows may come in any order; a day written twice must say the same twice; an empty price means that nobody traded.
 * @throws ShepherdError INVALID_CSV naming file, line and column, what was read and what was expected.
 */
export async function readPriceCsv(input: CsvInput, options: PriceCsvOptions = {}): Promise<PriceCsv> {
  const name = nameOf(input);
  const { separator, records } = await readCsvText(input);
  const [header, ...rows] = withoutTickerLines(records);
  if (header === undefined)
    throw csvError(name, {}, 'is empty; expected a header line such as Date,Close and a row a day');
  if (rows.length === 0) throw csvError(name, {}, 'has a header but no rows; expected a row a day');
  const columns = findColumns(header.cells, rows[0]!.cells, options.column);
  if (typeof columns === 'string') throw csvError(name, { line: header.line }, columns);

  const file = { name, header: header.cells, separator, columns };
  requireCells(file, rows);
  const days = requireDays(file, rows);
  const values = readValues(file, rows);
  const merged = mergeDays(file, rows, days, values);
  const { bars, problems } = readFeedRows(
    options.symbol ?? name,
    [...merged.values()].map(({ row }) => row),
  );
  const [problem] = problems;
  if (problem !== undefined) {
    throw csvError(name, { line: merged.get(problem.day)!.line }, problem.sentence.replace(/\.$/, ''));
  }
  const column = header.cells[columns.fields.get('close')!]!;
  if (bars.length === 0) throw csvError(name, { column }, 'holds no price; expected a number in at least one row');
  return { bars, rows: rows.length, column };
}

interface OpenFile {
  readonly name: string;
  readonly header: readonly string[];
  readonly separator: string;
  readonly columns: CsvColumns;
}

type Values = Readonly<Partial<Record<PriceField, number | null>>>;

/** yfinance writes three header lines: `Price,Close,…`, `Ticker,MSFT,…`, `Date,,…`. */
function withoutTickerLines(records: readonly CsvRecord[]): readonly CsvRecord[] {
  const [price, ticker, date, ...rows] = records;
  const begins = (record: CsvRecord | undefined, word: string): boolean => record?.cells[0] === word;
  if (!begins(price, 'Price') || !begins(ticker, 'Ticker') || !begins(date, 'Date')) return records;
  return [{ line: price!.line, cells: ['Date', ...price!.cells.slice(1)] }, ...rows];
}

function requireCells(file: OpenFile, rows: readonly CsvRecord[]): void {
  const least = Math.max(file.columns.day, ...file.columns.fields.values()) + 1;
  const short = rows.find(({ cells }) => cells.length < least);
  if (short === undefined) return;
  const problem = `has ${short.cells.length} cells; expected ${file.header.length}, as in the header`;
  throw csvError(file.name, { line: short.line }, problem);
}

function requireDays(file: OpenFile, rows: readonly CsvRecord[]): readonly TradingDay[] {
  const column = file.columns.day;
  const read = readDays(rows.map(({ cells }) => cells[column] ?? ''));
  if (read.ok) return read.days;
  throw csvError(file.name, { line: rows[read.index]!.line, column: file.header[column]! }, read.problem);
}

function readValues(file: OpenFile, rows: readonly CsvRecord[]): Values[] {
  const used = [...file.columns.fields];
  // One file, one way to write numbers: its clearest cells decide for all.
  const numbers = rows.flatMap(({ cells }) => used.map(([, index]) => cells[index]!));
  const mark = findDecimalMark(numbers, file.separator);
  const read = ({ line, cells }: CsvRecord, index: number): number | null => {
    const value = readCell(cells[index]!, mark);
    if (typeof value === 'string') throw csvError(file.name, { line, column: file.header[index]! }, value);
    return value;
  };
  return rows.map((row) => Object.fromEntries(used.map(([field, index]) => [field, read(row, index)])));
}

/** A number, `null` where the cell says that there is none, or what is wrong with it. */
function readCell(cell: string, mark: DecimalMark | 'unknown'): number | null | string {
  if (saysNothing(cell)) return null;
  const shown = JSON.stringify(cell.slice(0, 40));
  if (mark === 'unknown' && cell.includes(',')) {
    return `${shown} can be read with a decimal comma or a thousands comma; write it with a decimal point`;
  }
  const value = readNumber(cell, mark === 'comma' ? 'comma' : 'point');
  return value ?? `${shown} is not a finite number; expected a price such as 123.45, or nothing`;
}

function mergeDays(
  file: OpenFile,
  rows: readonly CsvRecord[],
  days: readonly TradingDay[],
  values: readonly Values[],
): Map<TradingDay, { line: number; row: UncheckedRow }> {
  const merged = new Map<TradingDay, { line: number; row: UncheckedRow }>();
  for (const [i, { line }] of rows.entries()) {
    const day = days[i]!;
    const { close = null, open = null, high = null, low = null, adjustedClose = null, volume = null } = values[i]!;
    const row = { day, close, open, high, low, adjustedClose, volume };
    const before = merged.get(day);
    const differing = [...file.columns.fields].find(
      ([field]) => before !== undefined && before.row[field] !== row[field],
    );
    if (before !== undefined && differing !== undefined) {
      const [field, index] = differing;
      const problem = `${day} is ${String(row[field])} here and ${String(before.row[field])} in line ${before.line}; expected one row a day`;
      throw csvError(file.name, { line, column: file.header[index]! }, problem);
    }
    if (before === undefined) merged.set(day, { line, row });
  }
  return merged;
}
