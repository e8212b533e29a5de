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

function readWritten(text: string): WrittenDay | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/.exec(text);
  const yearFirst = iso ?? /^(\d{4})([/.])(\d{1,2})\2(\d{1,2})$/.exec(text)?.filter((_, i) => i !== 2);
  const packed = yearFirst ?? /^((?:19|20)\d{2})(\d{2})(\d{2})$/.exec(text);
  if (packed) return { kind: 'clear', year: packed[1]!, month: packed[2]!, day: packed[3]! };
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (dotted) return { kind: 'clear', year: dotted[3]!, month: dotted[2]!, day: dotted[1]! };
  const either = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})$/.exec(text);
  if (either) return { kind: 'either', year: either[4]!, first: either[1]!, second: either[3]! };
  return readNamedMonth(text);
}

function readNamedMonth(text: string): WrittenDay | undefined {
  const dayFirst = /^(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})$/i.exec(text);
  const monthFirst = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$/i.exec(text);
  const [name, day, year] = dayFirst
    ? [dayFirst[2]!, dayFirst[1]!, dayFirst[3]!]
    : monthFirst
      ? [monthFirst[1]!, monthFirst[2]!, monthFirst[3]!]
      : [];
  if (name === undefined || day === undefined || year === undefined) return undefined;
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? undefined : { kind: 'clear', year, month: String(month), day };
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
