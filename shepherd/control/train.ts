import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import { checked } from '../../service/request/checked.ts';
import { findJsonFault } from '../../service/request/json.ts';
import { describeControl } from './describe.ts';
import { parseSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';

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
    file: Type.String({ format: 'binary', description: 'A CSV with a header line and a column of days.' }),
    symbol: Type.String({ description: 'The name to store the series under.' }),
    target_column: Type.Optional(Type.String({ description: 'The column to forecast; default: close.' })),
    model_params: Type.Optional(
      Type.String({ description: 'JSON such as {"units":[50,50],"dropout":0.1}; the rest keeps its defaults.' }),
    ),
  },
  { title: 'Training' },
);

const trainSchema = {
  ...describeControl(202, {
    summary: 'Train a model on a series of your own',
    description:
      'Takes any daily series as CSV, a price or not: values that can be zero or negative are modelled by their differences, prices by ' +
      'their log returns; the answer says which. Once the model is promoted, ask the estimator for forecasts by its symbol.',
    example: { symbol: 'ACME', column: 'Close', rows: 900, transform: 'log-return', run: '121' },
    refused: {
      INVALID_CSV: 'ACME.csv: line 7, column "Close": "n/a%" is not a number.',
      INVALID_PRICE: 'ACME on 2020-03-16: close is -1; expected a price above 0.',
      PAYLOAD_TOO_LARGE: 'The file is too large; send less at once.',
    },
  }),
  consumes: ['multipart/form-data'],
  body: { content: { 'multipart/form-data': { schema: TrainForm } } },
};

/** `POST /train`: a CSV of any daily series as multipart form data, with `symbol`, `target_column` and `model_params` (JSON). */
export function registerTraining(app: FastifyInstance, actions: TrainingActions): void {
  app.post('/train', { schema: trainSchema, validatorCompiler: () => () => true }, async (request, reply) => {
    if (!request.isMultipart()) {
      throw new ShepherdError(
        'INVALID_INPUT',
        'Send the CSV as multipart form data, for example: curl -F file=@series.csv -F symbol=SERIES …',
      );
    }
    const fields = new Map<string, string>();
    let csv: Uint8Array | undefined;
    for await (const part of request.parts()) {
      if (part.type === 'file') csv = await part.toBuffer();
      else if (typeof part.value === 'string') fields.set(part.fieldname, part.value);
    }
    if (csv === undefined)
      throw new ShepherdError('INVALID_INPUT', 'The form has no file; add the CSV as -F file=@series.csv.');
    const symbol = parseSymbol(fields.get('symbol') ?? '');
    const form = {
      symbol,
      csv,
      targetColumn: fields.get('target_column'),
      modelParameters: parseParameters(fields.get('model_params')),
    };
    return reply.code(202).send(await actions.train(form));
  });
}

/** @throws ShepherdError INVALID_INPUT naming the parameter that is wrong. */
export function parseParameters(text: string | undefined): ModelParameters {
  if (text === undefined || text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    const place = fault === undefined ? '' : ` from line ${fault.line}, column ${fault.column} on`;
    throw new ShepherdError(
      'INVALID_INPUT',
      `model_params is not JSON${place}; write for example {"units":[50,50],"dropout":0.1}.`,
      { cause },
    );
  }
  try {
    return checkParameters(value);
  } catch (error) {
    if (!(error instanceof ShepherdError)) throw error;
    throw new ShepherdError('INVALID_INPUT', `model_params: ${error.message}`, { cause: error });
  }
}
