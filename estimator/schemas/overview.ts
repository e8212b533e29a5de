import { Type, type Static } from '@sinclair/typebox';
import { standing } from './answer.ts';

const Day = Type.String();
const band = { day: Day, prediction: Type.Number(), lower: Type.Number(), upper: Type.Number() };

/** What the page shows of one symbol. */
export const OverviewSchema = Type.Object(
  {
    ...standing,
    known: Type.Array(Type.String(), { description: 'Every symbol that can be shown.' }),
    scoredDays: Type.Integer({ description: 'Days behind skill and coverage.' }),
    asOf: Day,
    close: Type.Number(),
    history: Type.Array(Type.Object({ ...band, close: Type.Number() }), {
      description: 'The last days with the forecast the model gives for each from the day before.',
    }),
    forecast: Type.Array(Type.Object(band)),
    drift: Type.Union([
      Type.Object({
        day: Day,
        verdict: Type.String(),
        cause: Type.Union([Type.String(), Type.Null()]),
        calibratedP: Type.Union([Type.Number(), Type.Null()]),
      }),
      Type.Null(),
    ]),
    database: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    events: Type.Array(Type.Object({ at: Type.String(), kind: Type.String(), sentence: Type.String() }), {
      description: 'The story of the series, the newest first.',
    }),
  },
  { title: 'Overview' },
);
export type Overview = Static<typeof OverviewSchema>;
