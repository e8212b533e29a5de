import { Type, type Static } from '@sinclair/typebox';

export const TableUpload = Type.Object(
  {
    input_file: Type.String({ format: 'binary', description: 'A CSV with a header line.' }),
    columns_to_drop: Type.Optional(
      Type.String({ description: 'Columns to leave out, such as the target, as ["a","b"] or a,b.', examples: [''] }),
    ),
  },
  { title: 'Rows', additionalProperties: false },
);

export const TableAnswer = Type.Object(
  {
    predictions: Type.Array(Type.Union([Type.String(), Type.Number()]), { description: 'A class or a number a row.' }),
    classes: Type.Optional(Type.Array(Type.String(), { description: 'Of a classifier.' })),
    probabilities: Type.Optional(
      Type.Array(Type.Array(Type.Number()), { description: 'For each row those of `classes`.' }),
    ),
    model: Type.Object({ table: Type.String(), version: Type.Integer(), type: Type.String(), target: Type.String() }),
  },
  { title: 'TablePrediction' },
);
export type TableAnswer = Static<typeof TableAnswer>;
