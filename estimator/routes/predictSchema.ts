import { Type } from '@sinclair/typebox';
import { BODY_OPTIONAL } from '../../service/documentation.ts';
import { refusals, TURNED_AWAY } from '../../service/refusals.ts';
import { BatchPredictionSchema, PredictionSchema, RangePredictionSchema } from '../schemas/answer.ts';
import { PredictQuery, PredictRequest } from '../schemas/request.ts';
import { MAX_HORIZON } from '../serving/servedSymbol.ts';

const CsvForm = Type.Object(
  {
    file: Type.String({ format: 'binary', description: 'A CSV with a header line.' }),
    symbol: Type.String({ minLength: 1, maxLength: 64, description: 'Which model; may be left out as elsewhere.' }),
    horizon: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_HORIZON })),
    target_column: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Default: close, value, price or the only column.' }),
    ),
  },
  { title: 'CSV', additionalProperties: false },
);

/** `/predict` for the document at `/docs`. */
const answers = {
  200: Type.Union([PredictionSchema, BatchPredictionSchema, RangePredictionSchema], {
    description: 'The forecast, the naive forecast beside it, and how good the model has been of late.',
  }),
  ...refusals({
    INVALID_INPUT: '"horizon" is 61; expected a whole number from 1 to 60.',
    INVALID_DAY: '"2020-02-30" is not a day; write it as YYYY-MM-DD, for example 2025-07-20.',
    INVALID_PRICE: 'The values move too wildly for a forecast; check their units.',
    INVALID_CSV:
      'prices.csv, line 7, column "Close": "n/a%" is not a finite number; expected a price such as 123.45, or nothing.',
    TOO_FEW_VALUES: 'Input data must have at least 60 values; these are 59.',
    UNKNOWN_TABLE: 'There is no table "NOPE"; there are "iris".',
    UNKNOWN_SYMBOL: '"NOPE" is not known here; known symbols: GSPC.',
    NO_SUCH_DAYS: 'GSPC has no days from 1900-01-01 to 1900-02-01; its days run from 1999-12-31 to 2020-03-20.',
    NO_CHAMPION: 'No model has been promoted yet; the first one is being trained.',
    PAYLOAD_TOO_LARGE: 'The body is too large; send less at once.',
    UNSUPPORTED_MEDIA_TYPE:
      'The body is of a type that is not read here; send application/json, or multipart/form-data with a CSV file.',
    ...TURNED_AWAY,
    OVERLOADED: 'This service is overloaded; try again in a moment.',
  }),
};

/** `POST /predict` for the document at `/docs`. */
export const predictSchema = {
  ...BODY_OPTIONAL,
  tags: ['predict'],
  summary: 'A forecast with its band, in whichever form it is asked for',
  description: [
    '`{"data": [60 or more numbers]}` forecasts the value after your own series; a list of such lists is a batch.',
    '`{"symbol", "horizon"}` forecasts the next day or days of a stored series; both may be left out.',
    '`{"date"}` forecasts one day from the data before it, with the actual close where it is known.',
    '`{"start_date", "end_date", "seq_length", "horizon"}` forecasts each day of a range and the first day after it.',
    'A CSV file as multipart form data forecasts the value after its last row.',
    'Rows of a table (`input_file`) are answered as by `POST /tables/{name}/predict`.',
    '',
    'To train a model on a series of your own first, see `POST /train` of the control service.',
  ].join('\n'),
  body: {
    content: {
      'application/json': { schema: PredictRequest },
      'multipart/form-data': { schema: CsvForm },
    },
  },
  response: answers,
};

/** `GET /predict` likewise. */
export const predictQuerySchema = {
  tags: ['predict'],
  summary: 'The next day or days of a stored series',
  description:
    'The other fields of the JSON forms of `POST /predict` may stand in the query string as well (`?date=2020-03-16`), and `GET` may carry a body.',
  querystring: PredictQuery,
  response: answers,
};
