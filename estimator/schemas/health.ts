import { Type, type Static } from '@sinclair/typebox';

export const ReadySchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
    reason: Type.Optional(Type.String()),
    models: Type.Array(Type.Object({ symbol: Type.String(), version: Type.Integer(), asOf: Type.String() })),
    faults: Type.Array(Type.Object({ symbol: Type.String(), version: Type.Integer(), reason: Type.String() }), {
      description: 'Promoted models that failed a check; the model before them still answers.',
    }),
    database: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    predictionLog: Type.Object({ waiting: Type.Integer(), dropped: Type.Integer() }),
  },
  { title: 'Ready' },
);
export type Readiness = Static<typeof ReadySchema>;
