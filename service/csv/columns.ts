import type { PriceBar } from '../../core/series/price.ts';
import { looksLikeDay } from './day.ts';

export type PriceField = keyof Omit<PriceBar, 'day'>;

/** Which column of a file holds what, by index; `fields.close` is always there. */
export interface CsvColumns {
  readonly day: number;
  readonly fields: ReadonlyMap<PriceField, number>;
}

const DAY_NAMES = ['date', 'day', 'datetime', 'timestamp', 'time'];
const FIELD_NAMES: Readonly<Record<PriceField, readonly string[]>> = {
  close: ['close', 'closelast'],
  open: ['open'],
  high: ['high'],
  low: ['low'],
  adjustedClose: ['adjclose', 'adjustedclose'],
  volume: ['volume'],
};

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
  const listed = header.map((name) => JSON.stringify(name)).join(', ');
  if (looksLikeDay(header[0] ?? ''))
    return `${listed} stands where the header is expected; begin with a line such as Date,Close`;

  const named = names.findIndex((name) => DAY_NAMES.includes(name));
  const day = named === -1 && looksLikeDay(firstRow[0] ?? '') ? 0 : named;
  if (day === -1) return `expected a column "Date"; found ${listed}`;

  if (wanted !== undefined) {
    const matches = indexesOf(names, [plainName(wanted)]);
    if (matches.length !== 1) return `expected one column ${JSON.stringify(wanted)}; found ${listed}`;
    if (plainName(wanted) !== 'close') return { day, fields: new Map([['close', matches[0]!]]) };
  }
  const fields = new Map<PriceField, number>();
  for (const [field, known] of Object.entries(FIELD_NAMES) as [PriceField, readonly string[]][]) {
    // `entries` forgets that the keys are those of the record
    const matches = indexesOf(names, known);
    if (matches.length > 1) return `expected one column ${JSON.stringify(header[matches[0]!])}; found ${listed}`;
    if (matches.length === 1) fields.set(field, matches[0]!);
  }
  if (!fields.has('close') && header.length === 2) return { day, fields: new Map([['close', 1 - day]]) };
  if (!fields.has('close')) return `expected a column "Close"; found ${listed}. Name the price with --column`;
  return { day, fields };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_./*-]+/g, '');
}

function indexesOf(names: readonly string[], wanted: readonly string[]): number[] {
  return names.flatMap((name, index) => (wanted.includes(name) ? [index] : []));
}
