import { Type, type Static } from '@sinclair/typebox';
import { MAX_HORIZON } from '../serving/servedSymbol.ts';
import { NUMERIC_DATATYPES } from '../tensors.ts';
import { DocumentedPrice, EXAMPLE_WINDOW } from './request.ts';

/** The tensors a model answers with, each [windows, horizon]. */
export const OUTPUTS = ['prediction', 'lower', 'upper', 'naive'] as const;

const Parameters = Type.Optional(Type.Record(Type.String(), Type.Unknown()));

const TensorMetadata = Type.Object({
  name: Type.String(),
  datatype: Type.String(),
  shape: Type.Array(Type.Integer(), { description: '-1 for any size.' }),
});

export const ServerMetadata = Type.Object({
  name: Type.String(),
  version: Type.String(),
  extensions: Type.Array(Type.String()),
});

export const ModelMetadata = Type.Object({
  name: Type.String(),
  versions: Type.Array(Type.String()),
  platform: Type.String(),
  inputs: Type.Array(TensorMetadata),
  outputs: Type.Array(TensorMetadata),
});

export const InferRequest = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 200 })),
  parameters: Parameters,
  inputs: Type.Array(
    Type.Object({
      name: Type.String({ description: 'closes' }),
      shape: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 2 }),
      datatype: Type.String(),
      parameters: Parameters,
      data: Type.Optional(
        Type.Array(Type.Unknown(), {
          description: 'Row-major, flat or nested; oldest first. Absent where the values follow the JSON as bytes.',
        }),
      ),
    }),
    { minItems: 1, maxItems: 1 },
  ),
  outputs: Type.Optional(Type.Array(Type.Object({ name: Type.String(), parameters: Parameters }), { maxItems: 10 })),
});
export type InferRequest = Static<typeof InferRequest>;

const Describe = (windows: number) =>
  Type.Object({
    name: Type.String({ description: 'closes' }),
    shape: Type.Unsafe<number[]>({
      enum: windows === 1 ? [[1, 60], [60]] : [[windows, 60]],
      description: 'Windows and values of each; any number of windows up to 2000 may be sent.',
    }),
    datatype: Type.Union(NUMERIC_DATATYPES.map((name) => Type.Literal(name))),
    data: Type.Array(DocumentedPrice, {
      minItems: windows * 60,
      maxItems: windows * 60,
      description: 'Row-major, flat or nested; oldest first.',
    }),
  });

/** The request as the document shows it: one window, or two. What is sent is checked by `InferRequest` and `parseInference`. */
export const DocumentedInferRequest = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 200 })),
    parameters: Type.Optional(
      Type.Object({
        horizon: Type.Optional(
          Type.Integer({ minimum: 1, maximum: MAX_HORIZON, description: 'Days ahead; default 1.' }),
        ),
        binary_data_output: Type.Optional(
          Type.Boolean({ description: 'Answer every output as bytes after the JSON.' }),
        ),
      }),
    ),
    inputs: Type.Array(Type.Union([Describe(1), Describe(2)]), { minItems: 1, maxItems: 1 }),
    outputs: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.Union(OUTPUTS.map((name) => Type.Literal(name))),
          parameters: Type.Optional(Type.Object({ binary_data: Type.Optional(Type.Boolean()) })),
        }),
        { maxItems: 10 },
      ),
    ),
  },
  {
    examples: [{ id: '1', inputs: [{ name: 'closes', shape: [1, 60], datatype: 'FP64', data: EXAMPLE_WINDOW }] }],
  },
);

export const InferResponse = Type.Object({
  model_name: Type.String(),
  model_version: Type.String(),
  id: Type.Optional(Type.String()),
  parameters: Type.Record(Type.String(), Type.Unknown(), {
    description: 'level: nominal coverage of the band; trainedTo: last day of data the model was trained on.',
  }),
  outputs: Type.Array(
    Type.Object({
      name: Type.String(),
      shape: Type.Array(Type.Integer()),
      datatype: Type.String(),
      parameters: Parameters,
      data: Type.Optional(
        Type.Array(Type.Number(), { description: 'Row-major; absent where the values were asked for as bytes.' }),
      ),
    }),
  ),
});
export type InferResponse = Static<typeof InferResponse>;
