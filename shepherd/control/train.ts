import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import { brief, checked } from '../../service/request/checked.ts';
import { readForm, requireMultipart } from '../../service/request/form.ts';
import { ActHeaders, describeControl } from './describe.ts';
import { readParameters, refuseOddFields } from './formFields.ts';
import { isTableForm, parseTableForm, type TableActions } from './tables.ts';
import { parseSymbol, SYMBOL_PATTERN, type SeriesSymbol } from '../../core/series/symbol.ts';

/** Parts of the network a person may choose for a series of their own; the rest keeps its defaults. */
export const ModelParameters = Type.Object(
  {
    units: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 256 }), { minItems: 1, maxItems: 4 })),
    dropout: Type.Optional(Type.Number({ minimum: 0, maximum: 0.9 })),
    learningRate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 0.1 })),
    batch: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    maxEpochs: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    patience: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
);
export type ModelParameters = Static<typeof ModelParameters>;
const checkParameters = checked(ModelParameters, 'The JSON');

export interface TrainingRequestForm {
  readonly symbol: SeriesSymbol;
  readonly csv: Uint8Array;
  readonly targetColumn: string | undefined;
  readonly modelParameters: ModelParameters;
}

export interface TrainingActions {
  train(form: TrainingRequestForm): Promise<object>;
}

const TrainForm = Type.Object(
  {
    file: Type.String({
      format: 'binary',
      description: 'A CSV with a header line and a column of days.',
      examples: ['date,close\n2020-01-02,100\n2020-01-03,101\n2020-01-06,102\n'],
    }),
    symbol: Type.String({ pattern: SYMBOL_PATTERN, description: 'The name to store the series under.' }),
    target_column: Type.Optional(
      Type.String({ description: 'The column to forecast; empty or absent: close.', examples: ['close'] }),
    ),
    // A part that is an object is sent as JSON (OpenAPI 3.1, "Encoding Object").
    model_params: Type.Optional(
      Type.Object(ModelParameters.properties, {
        additionalProperties: false,
        description: 'JSON such as {"units":[50,50],"dropout":0.1}; the rest keeps its defaults.',
      }),
    ),
  },
  { title: 'Training', additionalProperties: false },
);

const FIELDS: readonly string[] = Object.keys(TrainForm.properties);

const trainSchema = {
  ...describeControl(202, {
    summary: 'Train a model on a series of your own',
    description:
      'Takes any daily series as CSV, a price or not: values that can be zero or negative are modelled by their differences, prices by ' +
      'their log returns; the answer says which. A table of other columns (`dataset_file`, `model_type`) is taken as by `POST /tables/train`. Once the model is promoted, ask the estimator for forecasts by its symbol.',
    example: { symbol: 'ACME', column: 'Close', rows: 900, transform: 'log-return', run: '121' },
    refused: {
      INVALID_CSV:
        'ACME.csv, line 7, column "Close": "n/a%" is not a finite number; expected a price such as 123.45, or nothing.',
      INVALID_PRICE: 'ACME on 2020-03-16: close is -1; expected a price above 0.',
      PAYLOAD_TOO_LARGE: 'The file is too large; send less at once.',
    },
  }),
  headers: ActHeaders,
  consumes: ['multipart/form-data'],
  body: { content: { 'multipart/form-data': { schema: TrainForm } } },
};

/** `POST /train`: a CSV of any daily series as multipart form data, with `symbol`, `target_column` and `model_params` (JSON). */
export function registerTraining(
  app: FastifyInstance,
  actions: TrainingActions & Pick<TableActions, 'trainTable'>,
): void {
  app.post('/train', { schema: trainSchema, validatorCompiler: () => () => true }, async (request, reply) => {
    requireMultipart(request, 'curl -F file=@series.csv -F symbol=SERIES …');
    const uploaded = await readForm(request);
    if (isTableForm(uploaded)) return reply.code(200).send(await actions.trainTable(await parseTableForm(uploaded)));
    const { file, fields } = uploaded;
    if (file === undefined)
      throw new ShepherdError('INVALID_INPUT', 'The form has no file; add the CSV as -F file=@series.csv.');
    refuseOddFields(fields.keys(), FIELDS);
    const text = (name: string): string => {
      const value = fields.get(name) ?? '';
      if (typeof value === 'string') return value;
      throw new ShepherdError('INVALID_INPUT', `${name} is ${brief(value)}; expected a text.`);
    };
    const symbol = parseSymbol(text('symbol'));
    const form = {
      symbol,
      csv: file.content,
      targetColumn: text('target_column') || undefined,
      modelParameters: readParameters(fields.get('model_params'), checkParameters),
    };
    return reply.code(202).send(await actions.train(form));
  });
}
