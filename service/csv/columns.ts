import type { PriceBar } from '../../core/series/price.ts';
import { looksLikeDay } from './day.ts';

export type PriceField = keyof Omit<PriceBar, 'day'>;

/** Which column of a file holds what, by index. */
export interface CsvColumns {
  /** Absent in a file of values alone. */
  readonly day: number | undefined;
  readonly close: number;
  /** All prices, `close` among them. */
  readonly fields: ReadonlyMap<PriceField, number>;
}

const DAY_NAMES = ['date', 'day', 'datetime', 'timestamp', 'time', 'ds'];
/** Of each price, those that name it best first. */
const FIELD_NAMES: readonly (readonly [PriceField, readonly string[]])[] = [
  ['close', ['close', 'closelast']],
  ['open', ['open']],
  ['high', ['high']],
  ['low', ['low']],
  ['adjustedClose', ['adjclose', 'adjustedclose']],
  ['volume', ['volume']],
];
/** Taken as the price, best first, where nothing is named `close`. */
const OTHER_PRICES = ['adjclose', 'adjustedclose', 'value', 'price', 'y', 'data'];

/**
 * Finds the columns by name, whatever their case, spaces and underscores.
 * @param wanted the column to take as the price; then it is the only one taken, as the others describe another price.
 * @param firstRow shows whether an unnamed first column holds days.
 * @returns a sentence when the columns are not there.
 */
export function findColumns(
  header: readonly string[],
  firstRow: readonly string[],
  wanted: string | undefined,
): CsvColumns | string {
  const names = header.map(plainName);
  if (looksLikeDay(header[0] ?? ''))
    return `${listed(header)} stands where the header is expected; begin with a line such as Date,Close`;

  const named = names.findIndex((name) => DAY_NAMES.includes(name));
  const day = named === -1 ? (looksLikeDay(firstRow[0] ?? '') ? 0 : undefined) : named;
  const alone = (close: number): CsvColumns => ({ day, close, fields: new Map([['close', close]]) });
  const twice = (index: number): string =>
    `expected one column ${JSON.stringify(header[index])}; found ${listed(header)}`;

  if (wanted !== undefined) {
    const [match, second] = indexesOf(names, [plainName(wanted)]);
    if (match === undefined || second !== undefined)
      return `expected one column ${JSON.stringify(wanted.slice(0, 40))}; found ${listed(header)}`;
    if (plainName(wanted) !== 'close') return alone(match);
  }
  const fields = new Map<PriceField, number>();
  for (const [field, known] of FIELD_NAMES) {
    const [match, second] = indexesOf(names, known);
    if (second !== undefined && match !== undefined) return twice(match);
    if (match !== undefined) fields.set(field, match);
  }
  const close = fields.get('close');
  if (close !== undefined) return { day, close, fields };
  for (const name of OTHER_PRICES) {
    const [match, second] = indexesOf(names, [name]);
    if (match !== undefined) return second === undefined ? alone(match) : twice(match);
  }
  const [only, another] = names.flatMap((_, index) => (index === day ? [] : [index]));
  if (only !== undefined && another === undefined) return alone(only);
  const expected = day === undefined ? 'columns "Date" and "Close"' : 'a column "Close"';
  return `expected ${expected}; found ${listed(header)}. Name the price: --column of a command, target_column of a form`;
}

/** A header as a sentence shows it, cut where it is long. */
export function listed(header: readonly string[]): string {
  const shown = header.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 40)));
  return header.length > 20 ? `${shown.join(', ')}, …` : shown.join(', ');
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_./*-]+/g, '');
}

function indexesOf(names: readonly string[], wanted: readonly string[]): number[] {
  return names.flatMap((name, index) => (wanted.includes(name) ? [index] : []));
}
