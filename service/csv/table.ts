import { findColumns, type CsvColumns, type PriceField } from './columns.ts';
import { findDecimalMark, readNumber, saysNothing, type DecimalMark } from './number.ts';
import { csvError, nameOf, readCsvText, type CsvInput, type CsvRecord } from './text.ts';
import { isNonEmpty, type NonEmpty } from '../../core/nonEmpty.ts';
import { plural } from '../../core/prose/plural.ts';

/** What a row says of each price; `null` where its cell says that there is none. */
export type Values = Readonly<Partial<Record<PriceField, number | null>>>;

/** A file with a header line. */
export interface OpenedTable {
  readonly name: string;
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly separator: string;
  /** Without the header. */
  readonly rows: NonEmpty<CsvRecord>;
}

/** A file whose columns are known and whose rows reach them all. */
export interface PriceTable extends OpenedTable {
  readonly columns: CsvColumns;
}

/**
 * Opens a file and chooses its columns.
 * @param column the header to take as the price; chosen by its name when left out.
 * @throws ShepherdError INVALID_CSV
 */
export async function readTable(input: CsvInput, column: string | undefined): Promise<PriceTable> {
  return withColumns(await openTable(input), column);
}

/** @throws ShepherdError INVALID_CSV */
export async function openTable(input: CsvInput): Promise<OpenedTable> {
  const name = nameOf(input);
  const { separator, records } = await readCsvText(input);
  const [header, ...rows] = withoutTickerLines(records);
  if (header === undefined)
    throw csvError(name, {}, 'is empty; expected a header line such as Date,Close and a row a day');
  if (!isNonEmpty(rows)) throw csvError(name, {}, 'has a header but no rows; expected a row a day');
  return { name, header: header.cells, headerLine: header.line, separator, rows };
}

/** @param column as for `readTable`. @throws ShepherdError INVALID_CSV */
export function withColumns(opened: OpenedTable, column: string | undefined): PriceTable {
  const columns = findColumns(opened.header, opened.rows[0].cells, column);
  if (typeof columns === 'string') throw csvError(opened.name, { line: opened.headerLine }, columns);
  const table = { ...opened, columns };
  requireCells(table);
  return table;
}

/** The header of a column. */
export function titleOf({ header }: PriceTable, index: number): string {
  return header[index] ?? String(index + 1);
}

/** yfinance writes three header lines: `Price,Close,…`, `Ticker,MSFT,…`, `Date,,…`. */
function withoutTickerLines(records: readonly CsvRecord[]): readonly CsvRecord[] {
  const [price, ticker, date, ...rows] = records;
  if (price?.cells[0] !== 'Price' || ticker?.cells[0] !== 'Ticker' || date?.cells[0] !== 'Date') return records;
  return [{ line: price.line, cells: ['Date', ...price.cells.slice(1)] }, ...rows];
}

function requireCells({ name, header, columns, rows }: PriceTable): void {
  const least = Math.max(columns.day ?? 0, ...columns.fields.values()) + 1;
  const short = rows.find(({ cells }) => cells.length < least);
  if (short === undefined) return;
  const counted = plural(short.cells.length, 'cell');
  throw csvError(name, { line: short.line }, `has ${counted}; expected ${header.length}, as in the header`);
}

/** How this file's rows are read; throws ShepherdError INVALID_CSV at a cell that is no number. */
export function valueReader(table: PriceTable): (row: CsvRecord) => Values {
  const { rows, columns } = table;
  const used = [...columns.fields];
  const cellOf = ({ cells }: CsvRecord, index: number): string => cells[index] ?? '';
  // One file, one way to write numbers: its clearest cells decide for all.
  const numbers = rows.flatMap((row) => used.map(([, index]) => cellOf(row, index)));
  const mark = findDecimalMark(numbers, table.separator);
  const read = (row: CsvRecord, index: number): number | null => {
    const value = readCell(cellOf(row, index), mark);
    if (typeof value !== 'string') return value;
    throw csvError(table.name, { line: row.line, column: titleOf(table, index) }, value);
  };
  return (row) => Object.fromEntries(used.map(([field, index]) => [field, read(row, index)]));
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
