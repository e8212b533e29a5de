import { parse, type CsvError } from 'csv-parse';
import { ShepherdError } from '../core/errors.ts';
import { parseDay, type TradingDay } from '../core/series/day.ts';

/** The series of a CSV file: values oldest first, and their days where the file has them. */
export interface CsvSeries {
  readonly values: Float64Array;
  readonly lastDay: TradingDay | null;
}

/** Columns that hold the value, by preference, in lower case. */
const VALUE_COLUMNS = ['close', 'adj close', 'adj_close', 'value', 'price', 'y', 'data'];
const DAY_COLUMNS = ['date', 'day', 'ds', 'time', 'timestamp'];

/** Bytes parsed between two looks at the event loop. */
const SLICE_BYTES = 32 * 1024;

/**
 * Reads a CSV with a header line. The value is the named column, else the first known one, else the only other column than the day.
 * Rows may be oldest or newest first when they have days; rows with an empty value are left out.
 * @throws ShepherdError INVALID_CSV naming line and column.
 */
export async function readCsvSeries(bytes: Uint8Array, targetColumn: string | undefined): Promise<CsvSeries> {
  const [header, ...rows] = await parseRows(bytes);
  if (header === undefined) throw new ShepherdError('INVALID_CSV', 'The CSV file is empty.');
  const names = header.cells.map((name) => name.trim().toLowerCase());
  const dayColumn = names.findIndex((name) => DAY_COLUMNS.includes(name));
  const valueColumn = findValueColumn(names, dayColumn, targetColumn);
  const entries: { day: TradingDay | null; value: number }[] = [];
  for (const { line, cells } of rows) {
    const written = (cells[valueColumn] ?? '').trim();
    if (written === '' || written === 'null') continue;
    const value = Number(written);
    if (!Number.isFinite(value)) {
      throw new ShepherdError(
        'INVALID_CSV',
        `Line ${line}, column "${header.cells[valueColumn] ?? ''}" is "${written.slice(0, 40)}"; expected a number.`,
      );
    }
    entries.push({ value, day: dayColumn === -1 ? null : readDay(cells[dayColumn] ?? '', line) });
  }
  if (dayColumn !== -1) entries.sort((a, b) => ((a.day ?? '') < (b.day ?? '') ? -1 : 1));
  return { values: Float64Array.from(entries, ({ value }) => value), lastDay: entries.at(-1)?.day ?? null };
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

async function parseRows(bytes: Uint8Array): Promise<Row[]> {
  const rows: Row[] = [];
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  parser.on('data', ({ info, record }: { info: { lines: number }; record: string[] }) => {
    rows.push({ line: info.lines, cells: record });
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', (error: CsvError) => {
      reject(new ShepherdError('INVALID_CSV', 'The file is not readable as CSV; check its quotes.', { cause: error }));
    });
  });
  ended.catch(() => undefined); // awaited below; until then a rejection is not lost
  for (let from = 0; from < bytes.length && !parser.destroyed; from += SLICE_BYTES) {
    parser.write(bytes.subarray(from, from + SLICE_BYTES));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!parser.destroyed) parser.end();
  await ended;
  return rows;
}

function findValueColumn(names: readonly string[], dayColumn: number, target: string | undefined): number {
  const wanted = target === undefined ? VALUE_COLUMNS : [target.trim().toLowerCase()];
  const named = wanted.map((name) => names.indexOf(name)).find((index) => index !== -1);
  if (named !== undefined) return named;
  const others = names.flatMap((_, index) => (index === dayColumn ? [] : [index]));
  if (target === undefined && others.length === 1) return others[0]!;
  throw new ShepherdError(
    'INVALID_CSV',
    `Line 1 has no column "${(target ?? 'close').slice(0, 40)}"; its columns are ${names.slice(0, 20).join(', ').slice(0, 200)}. Name one as target_column.`,
  );
}

function readDay(text: string, line: number): TradingDay {
  try {
    return parseDay(text.trim().slice(0, 10));
  } catch (error) {
    throw new ShepherdError('INVALID_CSV', `Line ${line}: "${text.slice(0, 40)}" is not a day; write YYYY-MM-DD.`, {
      cause: error,
    });
  }
}
