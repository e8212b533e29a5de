import { ShepherdError } from '../errors.ts';

/** A column of a table as a model has learnt it. */
export type Column =
  | { readonly name: string; readonly kind: 'number'; readonly mean: number }
  | { readonly name: string; readonly kind: 'category'; readonly categories: readonly string[] };

/** A table as it was sent: a header, and rows of texts, each as long as the header; an empty text is missing. */
export interface TableText {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Beyond this many different texts a column names its rows more than it describes them. */
const MOST_CATEGORIES = 256;
/** Names of columns repeated in a sentence at most. */
const MOST_NAMED = 8;

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** The texts of a column. @throws ShepherdError INVALID_CSV where there is none of the name. */
export function columnOf({ header, rows }: TableText, name: string): string[] {
  const at = header.indexOf(name);
  if (at === -1) throw new ShepherdError('INVALID_CSV', `The table has no column "${name}"; it has ${listed(header)}.`);
  return rows.map((row) => (row[at] ?? '').trim());
}

/** A table without some of its columns; names it does not have are refused. @throws ShepherdError INVALID_CSV. */
export function withoutColumns(table: TableText, dropped: readonly string[]): TableText {
  for (const name of dropped) columnOf(table, name);
  const kept = table.header.flatMap((name, at) => (dropped.includes(name) ? [] : [at]));
  const pickKept = (cells: readonly string[]): string[] => kept.map((at) => cells[at] ?? '');
  return { header: pickKept(table.header), rows: table.rows.map(pickKept) };
}

/**
 * What each column is: numbers where every cell that is not empty is one, else categories.
 * @throws ShepherdError INVALID_CSV for a column that is empty, named twice, or has too many different texts.
 */
export function fitColumns(table: TableText): Column[] {
  return table.header.map((name, at) => {
    if (table.header.indexOf(name) !== at)
      throw new ShepherdError('INVALID_CSV', `Two columns are named "${name}"; name each once.`);
    const texts = columnOf(table, name).filter((text) => text !== '');
    if (texts.length === 0)
      throw new ShepherdError('INVALID_CSV', `Column "${name}" is empty; name it in columns_to_drop.`);
    if (texts.every(isNumber)) {
      return { name, kind: 'number', mean: texts.reduce((sum, text) => sum + Number(text), 0) / texts.length };
    }
    const categories = [...new Set(texts)].sort();
    if (categories.length > MOST_CATEGORIES) {
      throw new ShepherdError(
        'INVALID_CSV',
        `Column "${name}" has ${categories.length} different texts, so it names its rows; name it in columns_to_drop.`,
      );
    }
    return { name, kind: 'category', categories };
  });
}

/** How many numbers a row of these columns becomes: one a number, one a category. */
export function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + (column.kind === 'number' ? 1 : column.categories.length), 0);
}

/**
 * A table as a matrix, column after column of `rows` values: a number as it is (its mean where missing), a category as one column of
 * 0 and 1 for each.
 * @throws ShepherdError INVALID_CSV naming what the table has too much or too little of, and the row and cell that cannot be read.
 */
export function encodeRows(columns: readonly Column[], table: TableText): Float64Array {
  const names = columns.map(({ name }) => name);
  const missing = names.filter((name) => !table.header.includes(name));
  const odd = table.header.filter((name) => !names.includes(name));
  if (missing.length > 0 || odd.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`lacks ${listed(missing)}`] : []),
      ...(odd.length > 0
        ? [`has ${listed(odd)}, which the model does not know (columns_to_drop leaves a column out)`]
        : []),
    ];
    throw new ShepherdError('INVALID_CSV', `The table ${parts.join(' and ')}; the model reads ${listed(names)}.`);
  }
  const n = table.rows.length;
  const matrix = new Float64Array(n * widthOf(columns));
  let start = 0;
  for (const column of columns) {
    for (const [i, text] of columnOf(table, column.name).entries()) {
      if (column.kind === 'number') {
        matrix[start + i] = text === '' ? column.mean : readNumber(text, column.name, i);
      } else if (text !== '') {
        matrix[start + categoryOf(column, text, i) * n + i] = 1;
      }
    }
    start += n * widthOf([column]);
  }
  return matrix;
}

function readNumber(text: string, column: string, row: number): number {
  if (isNumber(text)) return Number(text);
  throw new ShepherdError('INVALID_CSV', `Row ${row + 1}, column "${column}": ${brief(text)} is not a number.`);
}

function categoryOf({ name, categories }: Extract<Column, { kind: 'category' }>, text: string, row: number): number {
  const at = categories.indexOf(text);
  if (at !== -1) return at;
  throw new ShepherdError(
    'INVALID_CSV',
    `Row ${row + 1}, column "${name}": the model has not seen ${brief(text)}; it knows ${listed(categories)}.`,
  );
}

const brief = (text: string): string => JSON.stringify(text.slice(0, 40));

/** Names in quotes, the first few of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => `"${name.slice(0, 40)}"`);
  return names.length > MOST_NAMED ? `${shown.join(', ')} and ${names.length - MOST_NAMED} more` : shown.join(', ');
}
