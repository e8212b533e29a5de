import { Type, type Static } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
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
const parameters = TypeCompiler.Compile(ModelParameters);

export interface TrainingRequestForm {
  readonly symbol: SeriesSymbol;
  readonly csv: string;
  readonly targetColumn: string | undefined;
  readonly modelParameters: ModelParameters;
}

export interface TrainingActions {
  train(form: TrainingRequestForm): Promise<object>;
}

/** `POST /train`: a CSV of any daily series as multipart form data, with `symbol`, `target_column` and `model_params` (JSON). */
export function registerTraining(app: FastifyInstance, actions: TrainingActions): void {
  app.post('/train', async (request, reply) => {
    if (!request.isMultipart()) {
      throw new ShepherdError(
        'INVALID_INPUT',
        'Send the CSV as multipart form data, for example: curl -F file=@series.csv -F symbol=SERIES …',
      );
    }
    const fields = new Map<string, string>();
    let csv: string | undefined;
    for await (const part of request.parts()) {
      if (part.type === 'file') csv = (await part.toBuffer()).toString('utf8');
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
    throw new ShepherdError(
      'INVALID_INPUT',
      'model_params is not JSON; write for example {"units":[50,50],"dropout":0.1}.',
      { cause },
    );
  }
  if (parameters.Check(value)) return value;
  const first = parameters.Errors(value).First();
  throw new ShepherdError(
    'INVALID_INPUT',
    `model_params${first?.path.replaceAll('/', '.') ?? ''}: ${first?.message ?? 'wrong shape'}.`,
  );
}
