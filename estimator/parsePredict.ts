import type { TSchema } from '@sinclair/typebox';
import { ShepherdError } from '../core/errors.ts';
import { parseDay, type TradingDay } from '../core/series/day.ts';
import { brief, checked } from '../service/request/checked.ts';
import { askWhetherMeant } from '../service/request/fields.ts';
import {
  BatchRequest,
  DateRequest,
  MAX_WINDOWS,
  RangeRequest,
  SymbolRequest,
  WindowRequest,
} from './schemas/request.ts';

interface Common {
  /** Absent: the default symbol. */
  readonly symbol: string | undefined;
  readonly horizon: number;
}

/** What was asked for, past all checking. */
export type Asked =
  | (Common & { readonly form: 'window'; readonly closes: Float64Array })
  | (Common & { readonly form: 'batch'; readonly windows: readonly Float64Array[] })
  | (Common & { readonly form: 'symbol' })
  | (Common & { readonly form: 'date'; readonly day: TradingDay })
  | (Common & {
      readonly form: 'range';
      readonly from: TradingDay;
      readonly to: TradingDay;
      readonly sequenceLength: number | undefined;
    });

type Fields = Readonly<Record<string, unknown>>;

/** Everything but the numbers themselves, which are checked one by one so that the sentence can say which is wrong. */
const check = {
  window: checkFields(WindowRequest),
  batch: checkFields(BatchRequest),
  symbol: checkFields(SymbolRequest),
  date: checkFields(DateRequest),
  range: checkFields(RangeRequest),
};

const FORMS = [SymbolRequest, WindowRequest, BatchRequest, DateRequest, RangeRequest].map(({ title, properties }) => ({
  title: title ?? '',
  fields: Object.keys(properties),
}));
const ALL_FIELDS = [...new Set(FORMS.flatMap(({ fields }) => fields))];
const ALL_FORMS = FORMS.map(({ title, fields }) => `${title} (${fields.join(', ')})`).join('; ');

/**
 * Tells the forms of `/predict` apart by their fields and checks them.
 * @param body parsed JSON; undefined counts as {}.
 * @throws ShepherdError INVALID_INPUT, INVALID_DAY, INVALID_PRICE, NO_SUCH_DAYS.
 */
export function parsePredict(body: unknown): Asked {
  const fields = toFields(body);
  if ('windows' in fields || isNested(fields['data'])) return parseBatch(fields);
  if ('data' in fields) return parseWindow(fields);
  if ('date' in fields) return parseDate(fields);
  if ('start_date' in fields || 'end_date' in fields) return parseRange(fields);
  return { form: 'symbol', ...common(check.symbol(fields)) };
}

function toFields(body: unknown): Fields {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields; // any object that is not a list has named fields
  throw new ShepherdError(
    'INVALID_INPUT',
    `The body is ${brief(body)}; expected an object such as {"data": [60 or more numbers]} or {"symbol": "MSFT"}.`,
  );
}

const isNested = (data: unknown): boolean => Array.isArray(data) && Array.isArray(data[0]);

function parseWindow(fields: Fields): Asked {
  return {
    form: 'window',
    ...common(check.window({ ...fields, data: [] })),
    closes: toNumbers(fields['data'], 'data'),
  };
}

function parseBatch(fields: Fields): Asked {
  if ('data' in fields && 'windows' in fields) {
    throw new ShepherdError('INVALID_INPUT', 'The request has both "data" and "windows"; send one of them.');
  }
  const name = 'windows' in fields ? 'windows' : 'data';
  const lists = fields[name];
  if (!Array.isArray(lists) || lists.length === 0 || lists.length > MAX_WINDOWS) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `"${name}" is ${brief(lists)}; expected a list of 1 to ${MAX_WINDOWS} windows of numbers.`,
    );
  }
  const { symbol, horizon } = common(check.batch({ ...fields, [name]: undefined }));
  const windows = lists.map((list: unknown, i) => toNumbers(list, `${name}[${i}]`));
  return { form: 'batch', symbol, horizon, windows };
}

function parseDate(fields: Fields): Asked {
  const { date, symbol } = check.date(fields);
  return { form: 'date', symbol, horizon: 1, day: parseDay(date) };
}

function parseRange(fields: Fields): Asked {
  const range = check.range(fields);
  const from = parseDay(range.start_date);
  const to = parseDay(range.end_date);
  if (from > to) {
    throw new ShepherdError(
      'NO_SUCH_DAYS',
      `start_date ${from} is after end_date ${to}, so no day lies between them; swap them.`,
    );
  }
  return { form: 'range', ...common(range), from, to, sequenceLength: range.seq_length };
}

function common({ symbol, horizon }: { symbol?: string; horizon?: number }): Common {
  return { symbol, horizon: horizon ?? 1 };
}

/** The values of a list, each a finite number. */
function toNumbers(list: unknown, name: string): Float64Array {
  if (!Array.isArray(list)) {
    throw new ShepherdError('INVALID_INPUT', `"${name}" is ${brief(list)}; expected a list of numbers, oldest first.`);
  }
  const values: readonly unknown[] = list;
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new ShepherdError(
        'INVALID_INPUT',
        `Value ${i + 1} of "${name}" is ${brief(value)}; expected a finite number.`,
      );
    }
    numbers[i] = value;
  }
  return numbers;
}

/** As `checked`, but a field that the form does not have is answered with the one that was meant, or with all there are. */
function checkFields<T extends TSchema & { readonly properties: object }>(schema: T) {
  const check = checked(schema);
  const known = Object.keys(schema.properties);
  return (fields: Fields) => {
    const odd = Object.keys(fields).find((name) => !known.includes(name));
    if (odd === undefined) return check(fields);
    const what = ALL_FIELDS.includes(odd)
      ? `is not a field of this form of request, which takes ${known.join(', ')}.`
      : `is not a field of any request.${askWhetherMeant(odd, ALL_FIELDS)}`;
    throw new ShepherdError('INVALID_INPUT', `${brief(odd)} ${what} The forms and their fields: ${ALL_FORMS}.`);
  };
}
