import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { TradingDay } from '../series/day.ts';
import type { PriceBar } from '../series/price.ts';
import type { FeedProblem } from './fetched.ts';

/** What a feed may say of one day. `close: null` means that nobody traded. NaN and infinities do not pass `Type.Number`. */
const FeedRow = Type.Object({
  close: Type.Union([Type.Number(), Type.Null()]),
  open: Type.Union([Type.Number(), Type.Null()]),
  high: Type.Union([Type.Number(), Type.Null()]),
  low: Type.Union([Type.Number(), Type.Null()]),
  adjustedClose: Type.Union([Type.Number(), Type.Null()]),
  volume: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
});
const feedRow = TypeCompiler.Compile(FeedRow);

/** The values of a day, which is told beside them or not at all. */
export type RowValues = Omit<PriceBar, 'day' | 'close'> & { readonly close: number | null };

/** A row as a feed gave it: the day is known, nothing else is. */
export interface UncheckedRow extends Readonly<Record<keyof Omit<PriceBar, 'day'>, unknown>> {
  readonly day: TradingDay;
}

/**
 * Turns rows into bars, ascending and one a day (of rows for one day the last given wins: feeds append the fresher one),
 * leaving out days without trade and naming every row that cannot be read.
 */
export function readFeedRows(
  symbol: string,
  rows: Iterable<UncheckedRow>,
): { bars: PriceBar[]; problems: FeedProblem[] } {
  const bars = new Map<TradingDay, PriceBar>();
  const problems = new Map<TradingDay, FeedProblem>();
  for (const row of rows) {
    if (!feedRow.Check(row)) {
      problems.set(row.day, nameProblem(symbol, row));
      bars.delete(row.day);
    } else if (row.close !== null) {
      const { day, close, open, high, low, adjustedClose, volume } = row;
      bars.set(day, { day, close, open, high, low, adjustedClose, volume });
      problems.delete(day);
    }
  }
  const sorted = [...bars.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  return { bars: withoutClosedDays(sorted), problems: [...problems.values()] };
}

/**
 * Some feeds print an exchange's holiday as a flat row without volume that repeats the close before.
 * Such a row is told from a quiet series (an index or fund without volume) by the day before it having had volume.
 */
export function withoutClosedDays<Bar extends Omit<PriceBar, 'day'>>(bars: readonly Bar[]): Bar[] {
  const kept: Bar[] = [];
  for (const bar of bars) {
    const before = kept.at(-1);
    const flat = bar.open === bar.close && bar.high === bar.close && bar.low === bar.close;
    const repeats = before !== undefined && before.close === bar.close && (before.volume ?? 0) > 0;
    if (!(bar.volume === 0 && flat && repeats)) kept.push(bar);
  }
  return kept;
}

function nameProblem(symbol: string, row: UncheckedRow): FeedProblem {
  const { field, read, what } = nameFault(row);
  return { day: row.day, field, read, sentence: `${symbol} on ${row.day}: ${what}.` };
}

/** What is wrong with a row, whatever its day. */
export interface RowFault {
  readonly field: string;
  /** As JSON cut short. */
  readonly read: string;
  /** Which field is what, and what was expected. */
  readonly what: string;
}

/** The first fault of a row's values; undefined where there is none. */
export function findRowFault(row: Readonly<Record<keyof RowValues, unknown>>): RowFault | undefined {
  return feedRow.Check(row) ? undefined : nameFault(row);
}

function nameFault(row: object): RowFault {
  const path = feedRow.Errors(row).First()?.path ?? '/close';
  const field = path.slice(1);
  const expected = field === 'volume' ? 'a number from 0' : 'a finite number';
  const read = show(new Map<string, unknown>(Object.entries(row)).get(field));
  return { field, read, what: `${field} is ${read}; expected ${expected}` };
}

/** At most forty characters, with whatever no text or JSON of a database can hold (NUL, half a character) written as an escape. */
function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value === undefined
    ? 'missing'
    : JSON.stringify(value)
        .slice(0, 40)
        .replace(/[\uD800-\uDBFF]$/, '');
}
