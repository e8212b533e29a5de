import { parseDay, type TradingDay } from '../../core/series/day.ts';
import { mapInTurns } from './turns.ts';

/** A day as a file writes it; for `12/11/2020` and the like the order of day and month is known from the other rows, or not at all. */
type WrittenDay =
  | { readonly kind: 'clear'; readonly year: string; readonly month: string; readonly day: string }
  | { readonly kind: 'either'; readonly year: string; readonly first: string; readonly second: string };

export type ReadDays<Row> =
  | { readonly ok: true; readonly dated: readonly { readonly row: Row; readonly day: TradingDay }[] }
  | { readonly ok: false; readonly row: Row; readonly problem: string };

const EXPECTED = 'expected a day such as 2020-03-16';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads one column of days, all forms that can be read in one way only: ISO 8601 (a time after it is dropped), `2020/03/16`, `20200316`,
 * `16.03.2020`, `16-Mar-2020`, `Mar 16, 2020`, and `16/03/2020` or `03/16/2020` where the column shows which it is.
 */
export async function readDays<Row>(rows: readonly Row[], textOf: (row: Row) => string): Promise<ReadDays<Row>> {
  const written = await mapInTurns(rows, (row) => ({ row, form: readWritten(textOf(row)) }));
  const order = findOrder(written.map(({ form }) => form));
  const read = await mapInTurns(written, ({ row, form }) => ({ row, day: toDay(form, order) }));
  const dated: { row: Row; day: TradingDay }[] = [];
  for (const { row, day } of read) {
    if (typeof day !== 'string')
      return { ok: false, row, problem: `${quote(textOf(row))} ${day.problem}; ${EXPECTED}` };
    dated.push({ row, day });
  }
  return { ok: true, dated };
}

export function looksLikeDay(text: string): boolean {
  return readWritten(text) !== undefined;
}

/** Year, month and day in an order that the form itself shows. */
const CLEAR_FORMS = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/,
  /^(?<year>\d{4})(?<mark>[/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})$/,
  /^(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/,
];
/** With the month's name. */
const NAMED_FORMS = [
  /^(?<day>\d{1,2})[ -](?<month>[a-z]{3,9})\.?[ -](?<year>\d{4})$/i,
  /^(?<month>[a-z]{3,9})\.? (?<day>\d{1,2}),? (?<year>\d{4})$/i,
];
/** Day and month in either order. */
const EITHER_FORM = /^(?<day>\d{1,2})(?<mark>[/-])(?<month>\d{1,2})\k<mark>(?<year>\d{4})$/;

function readWritten(text: string): WrittenDay | undefined {
  const clear = partsBy(CLEAR_FORMS, text);
  if (clear !== undefined) return { kind: 'clear', ...clear };
  const either = partsBy([EITHER_FORM], text);
  if (either !== undefined) return { kind: 'either', year: either.year, first: either.day, second: either.month };
  const named = partsBy(NAMED_FORMS, text);
  if (named === undefined) return undefined;
  const month = MONTHS.indexOf(named.month.slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? undefined : { kind: 'clear', ...named, month: String(month) };
}

/** What the first form that fits reads. */
function partsBy(
  forms: readonly RegExp[],
  text: string,
): { readonly year: string; readonly month: string; readonly day: string } | undefined {
  for (const form of forms) {
    const { year, month, day } = form.exec(text)?.groups ?? {};
    if (year !== undefined && month !== undefined && day !== undefined) return { year, month, day };
  }
  return undefined;
}

/** A number above 12 can only be the day; a column that shows both orders has none. */
function findOrder(written: readonly (WrittenDay | undefined)[]): DayOrder {
  const either = written.filter((form) => form?.kind === 'either');
  const dayFirst = either.some(({ first }) => Number(first) > 12);
  const monthFirst = either.some(({ second }) => Number(second) > 12);
  if (dayFirst === monthFirst) return 'unknown';
  return dayFirst ? 'day-first' : 'month-first';
}

type DayOrder = 'day-first' | 'month-first' | 'unknown';

function toDay(form: WrittenDay | undefined, order: DayOrder): TradingDay | { readonly problem: string } {
  if (form === undefined) return { problem: 'is not a day' };
  if (form.kind === 'either' && order === 'unknown') return { problem: 'can be read with day or month first' };
  const [month, day] =
    form.kind === 'clear'
      ? [form.month, form.day]
      : order === 'day-first'
        ? [form.second, form.first]
        : [form.first, form.second];
  try {
    return parseDay(`${form.year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  } catch {
    return { problem: 'is no day of the calendar' };
  }
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
