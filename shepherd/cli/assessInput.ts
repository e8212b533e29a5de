import { ShepherdError } from '../../core/errors.ts';
import { asChanges, chooseTransform, toChanges, type Changes } from '../../core/series/transform.ts';
import { readPriceCsv } from '../../service/csv/priceFile.ts';
import { csvError, readCsvText } from '../../service/csv/text.ts';

/** Headers that say the column holds changes already. */
const RETURN_NAMES = /^(log|simple|daily)?(return|change|difference)s?$/;

export interface ChangesCsvOptions {
  /** The column to take, by its header. */
  readonly column: string | undefined;
  /** The column holds changes, whatever its name. */
  readonly returns: boolean;
}

/**
 * Day-to-day changes from a file: of prices with their days (as any file Shepherd reads), or changes as they stand where the
 * column is named so, the file has one column only, or the caller says so.
 * @throws ShepherdError INVALID_CSV
 */
export async function readChangesCsv(path: string, { column, returns }: ChangesCsvOptions): Promise<Changes> {
  const { records } = await readCsvText({ path });
  const [header, ...rows] = records;
  if (header === undefined) throw csvError(path, {}, 'is empty; expected a header line and a row a day');
  const found = findReturnColumn(header.cells, column, returns);
  if (found === undefined) {
    const { bars } = await readPriceCsv({ path }, { column });
    const closes = bars.map((bar) => bar.close);
    return toChanges(closes, chooseTransform(closes));
  }
  const values = rows.map(({ line, cells }) => {
    const cell = cells[found.index] ?? '';
    const value = Number(cell);
    if (cell !== '' && Number.isFinite(value)) return value;
    const what = `"${cell.slice(0, 40)}" is not a finite number; expected a return such as 0.0123`;
    throw csvError(path, { line, column: found.name }, what);
  });
  return asChanges(Float64Array.from(values));
}

interface Column {
  readonly index: number;
  readonly name: string;
}

function findReturnColumn(header: readonly string[], column: string | undefined, returns: boolean): Column | undefined {
  const columns = header.map((name, index): Column => ({ index, name }));
  const saysReturns = ({ name }: Column): boolean => RETURN_NAMES.test(name.toLowerCase().replace(/[\s_-]+/g, ''));
  if (column !== undefined) {
    const wanted = columns.find(({ name }) => name === column);
    return wanted !== undefined && (returns || saysReturns(wanted)) ? wanted : undefined;
  }
  return columns.find(saysReturns) ?? (header.length === 1 || returns ? columns.at(-1) : undefined);
}

/** @throws ShepherdError INVALID_INPUT unless `line` is `{"reference":[numbers],"current":[numbers]}`. */
export function changesFromJson(line: string): { reference: Changes; current: Changes } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw notALine();
  }
  if (typeof parsed !== 'object' || parsed === null) throw notALine();
  return { reference: numbersOf(parsed, 'reference'), current: numbersOf(parsed, 'current') };
}

function numbersOf(parsed: object, name: 'reference' | 'current'): Changes {
  const values: unknown = Reflect.get(parsed, name);
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'number')) throw notALine();
  return asChanges(Float64Array.from(values));
}

function notALine(): ShepherdError {
  return new ShepherdError('INVALID_INPUT', 'A line must be {"reference":[…],"current":[…]} with numbers in both.');
}
