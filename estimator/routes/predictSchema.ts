import { Type } from '@sinclair/typebox';
import { BatchPredictionSchema, ErrorSchema, PredictionSchema, RangePredictionSchema } from '../schemas/answer.ts';
import { PredictQuery, PredictRequest } from '../schemas/request.ts';

const Refusal = (description: string) => ({ ...ErrorSchema, description });

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
    'To train a model on a series of your own first, see `POST /train` of the shepherd.',
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
    400: Refusal('The request cannot be read, or there is too little data for a forecast.'),
    404: Refusal('The symbol is not known; the known ones are listed.'),
    409: Refusal('No model has been promoted yet.'),
    413: Refusal('The body is too large.'),
    415: Refusal('The body is of a type that is not read here.'),
    429: Refusal('Too many requests from one address; Retry-After says when to go on.'),
    503: Refusal('Too much work is waiting; Retry-After says when to try again.'),
  },
};
