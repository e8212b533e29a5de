import { ShepherdError } from '../../core/errors.ts';
import { asChanges, chooseTransform, toChanges, type Changes } from '../../core/series/transform.ts';
import { pricesOf, valuesOf } from '../../service/csv/priceFile.ts';
import { openTable, withColumns } from '../../service/csv/table.ts';

/** Headers that say the column holds changes already. */
const RETURN_NAMES = /^(log|simple|daily)?(return|change|difference)s?$/;

export interface ChangesCsvOptions {
  /** The column to take, by its header. */
  readonly column: string | undefined;
  /** The column holds changes, whatever its name. */
  readonly returns: boolean;
}

/**
 * Day-to-day changes from a file, oldest first, by the rules of every file that is read: of prices with their days, or changes as they
 * stand where the column is named so, the file has one column only, or the caller says so.
 * @throws ShepherdError INVALID_CSV
 */
export async function readChangesCsv(path: string, { column, returns }: ChangesCsvOptions): Promise<Changes> {
  const opened = await openTable({ path });
  const ofReturns = findReturnColumn(opened.header, column, returns);
  if (ofReturns !== undefined) return asChanges((await valuesOf(withColumns(opened, ofReturns))).values);
  const { bars } = await pricesOf(withColumns(opened, column));
  const closes = bars.map((bar) => bar.close);
  return toChanges(closes, chooseTransform(closes));
}

/** The header of the column that holds changes, if one does. */
function findReturnColumn(header: readonly string[], column: string | undefined, returns: boolean): string | undefined {
  const saysReturns = (name: string): boolean => RETURN_NAMES.test(name.toLowerCase().replace(/[\s_-]+/g, ''));
  if (column !== undefined) return returns || saysReturns(column) ? column : undefined;
  return header.find(saysReturns) ?? (header.length === 1 || returns ? header.at(-1) : undefined);
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
