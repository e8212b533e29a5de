import { FormatRegistry, Type } from '@sinclair/typebox';
import { MAX_HORIZON } from '../serving/servedSymbol.ts';

/** Windows in one batch. */
export const MAX_WINDOWS = 2_000;

/** Sixty closes, for examples: a calm series that a person can recognise in an answer. */
export const EXAMPLE_WINDOW = Array.from({ length: 60 }, (_, i) =>
  Number((120 + i * 0.5 + 2 * Math.sin(i * 1.7)).toFixed(2)),
);

const SymbolField = Type.Optional(
  Type.String({ minLength: 1, maxLength: 64, description: 'Which series and model; default: the first configured.' }),
);
const Horizon = Type.Optional(
  Type.Integer({ minimum: 1, maximum: MAX_HORIZON, description: 'Trading days ahead; default 1.' }),
);
// For the document; `parseDay` tells what is wrong with a day that does not exist.
FormatRegistry.Set('date', () => true);
const Day = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}$',
    format: 'date',
    description: `${description}, YYYY-MM-DD.`,
    'x-expected': 'a day such as 2020-03-16',
  });

/** Magnitudes of values that are sent; beyond them a forecast would leave the range of numbers. */
export const LARGEST_VALUE = 1e15;
export const SMALLEST_PRICE = 1e-9;

const Values = Type.Array(Type.Number(), { description: 'Closes, oldest first; the last 60 are read.' });
const strict = { additionalProperties: false };

export const WindowRequest = Type.Object(
  { data: Values, symbol: SymbolField, horizon: Horizon },
  { ...strict, title: 'Window', description: 'Values of your own, oldest first.' },
);
export const BatchRequest = Type.Object(
  {
    data: Type.Optional(Type.Array(Values, { minItems: 1, maxItems: MAX_WINDOWS })),
    windows: Type.Optional(Type.Array(Values, { minItems: 1, maxItems: MAX_WINDOWS })),
    symbol: SymbolField,
    horizon: Horizon,
  },
  { ...strict, title: 'Batch', description: 'Many windows at once, as `data` or `windows`.' },
);
export const SymbolRequest = Type.Object(
  { symbol: SymbolField, horizon: Horizon },
  { ...strict, title: 'Symbol', description: 'The next day or days after the last stored close.' },
);
export const DateRequest = Type.Object(
  { date: Day('The day to forecast'), symbol: SymbolField },
  { ...strict, title: 'Date', description: 'One day, forecast from the data before it.' },
);
export const RangeRequest = Type.Object(
  {
    start_date: Day('First day of the range'),
    end_date: Day('Last day of the range'),
    seq_length: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description:
          'Days of the range kept back as the first window, so that the first forecast is for the day after them. ' +
          'Without it every day of the range is forecast, from the stored days before it.',
      }),
    ),
    symbol: SymbolField,
    horizon: Horizon,
  },
  { ...strict, title: 'Range', description: 'A forecast for each day of a range, and for the first day after it.' },
);

const Price = Type.Number({ minimum: SMALLEST_PRICE, maximum: LARGEST_VALUE });
const Window = Type.Array(Price, {
  minItems: 60,
  description:
    'Closes, oldest first; the last 60 are read. A model of a series that may be zero or negative (`transform` difference in GET /models) takes any number.',
});
const Windows = Type.Array(Window, { minItems: 1, maxItems: MAX_WINDOWS });
const modelAndHorizon = { symbol: SymbolField, horizon: Horizon };

/** What a close of a series of prices is, for the document; whether it may be zero or less is the model's to say. */
export const DocumentedPrice = Price;

/** The body of `/predict`, for the document; what is sent is checked form by form in `parsePredict`. */
export const PredictRequest = Type.Union(
  [
    Type.Object(
      { data: Window, ...modelAndHorizon },
      { ...strict, title: 'Window', description: 'Values of your own, oldest first.' },
    ),
    Type.Object(
      { data: Windows, ...modelAndHorizon },
      { ...strict, title: 'Batch', description: 'Many windows at once.' },
    ),
    Type.Object(
      { windows: Windows, ...modelAndHorizon },
      { ...strict, title: 'Windows', description: 'Many windows at once, by another name.' },
    ),
    SymbolRequest,
    DateRequest,
    RangeRequest,
  ],
  {
    // The days lie in the sample series, so that they work on a fresh start.
    'x-examples': {
      nextDay: { summary: 'The next day of the default series', value: {} },
      fiveDaysAhead: { summary: 'The next five days of the default series', value: { horizon: 5 } },
      ownValues: { summary: 'The value after 60 of your own', value: { data: EXAMPLE_WINDOW } },
      ownValuesFiveAhead: { summary: 'Five values after 60 of your own', value: { data: EXAMPLE_WINDOW, horizon: 5 } },
      batch: {
        summary: 'Two windows of your own at once',
        value: { data: [EXAMPLE_WINDOW, EXAMPLE_WINDOW.map((value) => value / 2)] },
      },
      oneDay: { summary: 'One day, from the data before it', value: { date: '2019-09-16' } },
      range: {
        summary: 'Each day of a range, the first 20 kept back as a window',
        value: { start_date: '2019-03-01', end_date: '2019-08-15', seq_length: 20, horizon: 1 },
      },
    },
  },
);

/** The simplest form as a query string; the fields of the others may come in one as well. */
export const PredictQuery = Type.Object({ symbol: SymbolField, horizon: Horizon });
