import { Type, type Static } from '@sinclair/typebox';
import { EXAMPLE_WINDOW } from './request.ts';

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

export const InferRequest = Type.Object(
  {
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
  },
  {
    examples: [{ id: '1', inputs: [{ name: 'closes', shape: [1, 60], datatype: 'FP64', data: EXAMPLE_WINDOW }] }],
  },
);
export type InferRequest = Static<typeof InferRequest>;

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
