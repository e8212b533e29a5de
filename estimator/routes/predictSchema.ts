import { Type } from '@sinclair/typebox';
import { refusals, TURNED_AWAY } from '../../service/refusals.ts';
import { BatchPredictionSchema, PredictionSchema, RangePredictionSchema } from '../schemas/answer.ts';
import { PredictQuery, PredictRequest } from '../schemas/request.ts';

const CsvForm = Type.Object(
  {
    file: Type.String({ format: 'binary', description: 'A CSV with a header line.' }),
    symbol: Type.Optional(Type.String()),
    horizon: Type.Optional(Type.Integer()),
    target_column: Type.Optional(Type.String({ description: 'Default: close, value, price or the only column.' })),
  },
  { title: 'CSV' },
);

/** `/predict` for the document at `/docs`. */
export const predictSchema = {
  tags: ['predict'],
  summary: 'A forecast with its band, in whichever form it is asked for',
  description: [
    '`{"data": [60 or more numbers]}` forecasts the value after your own series; a list of such lists is a batch.',
    '`{"symbol", "horizon"}` forecasts the next day or days of a stored series; both may be left out.',
    '`{"date"}` forecasts one day from the data before it, with the actual close where it is known.',
    '`{"start_date", "end_date", "seq_length", "horizon"}` forecasts each day of a range and the first day after it.',
    'A CSV file as multipart form data forecasts the value after its last row.',
    '',
    'The same fields may come in a query string, and `GET` may carry a body.',
    'To train a model on a series of your own first, see `POST /train` of the control service.',
  ].join('\n'),
  querystring: PredictQuery,
  body: {
    content: {
      'application/json': { schema: PredictRequest },
      'multipart/form-data': { schema: CsvForm },
    },
  },
  response: {
    200: Type.Union([PredictionSchema, BatchPredictionSchema, RangePredictionSchema], {
      description: 'The forecast, the naive forecast beside it, and how good the model has been of late.',
    }),
    ...refusals({
      INVALID_INPUT: '"horizon" is 61; expected a whole number from 1 to 60.',
      INVALID_DAY: '"2020-02-30" is not a day; write it as YYYY-MM-DD, for example 2025-07-20.',
      INVALID_PRICE: 'The values move too wildly for a forecast; check their units.',
      INVALID_CSV: 'prices.csv: line 7, column "Close": "n/a%" is not a number.',
      TOO_FEW_VALUES: 'Input data must have at least 60 values; these are 59.',
      UNKNOWN_SYMBOL: '"NOPE" is not known here; known symbols: GSPC.',
      NO_CHAMPION: 'No model has been promoted yet; the first one is being trained.',
      PAYLOAD_TOO_LARGE: 'The body is too large; send less at once.',
      UNSUPPORTED_MEDIA_TYPE:
        'The body is of a type that is not read here; send application/json, or multipart/form-data with a CSV file.',
      ...TURNED_AWAY,
      OVERLOADED: 'This service is overloaded; try again in a moment.',
    }),
  },
};
