import { Type, type Static } from '@sinclair/typebox';
import { quality } from './answer.ts';

const Day = Type.String();
const band = { prediction: Type.Number(), lower: Type.Number(), upper: Type.Number() };

/** What the page shows of one symbol. */
export const OverviewSchema = Type.Object(
  {
    ...quality,
    known: Type.Array(Type.String(), { description: 'Every symbol that can be shown.' }),
    scoredDays: Type.Integer({ description: 'Days behind skill and coverage.' }),
    asOf: Day,
    close: Type.Number(),
    history: Type.Array(
      Type.Object({
        day: Day,
        close: Type.Number(),
        issued: Type.Union([Type.Object({ ...band, version: Type.Integer() }), Type.Null()], {
          description:
            'The forecast that the champion of that time issued for the day before it came; null where none was.',
        }),
      }),
      { description: 'The last days known.' },
    ),
    forecast: Type.Array(Type.Object({ day: Day, ...band })),
    drift: Type.Union(
      [
        Type.Object({
          day: Day,
          verdict: Type.String(),
          cause: Type.Union([Type.String(), Type.Null()], { description: 'What moved; null unless drifted.' }),
          calibratedP: Type.Union([Type.Number(), Type.Null()], { description: 'null while undetermined.' }),
        }),
        Type.Null(),
      ],
      { description: 'The last check; null before the first, and while the database is away.' },
    ),
    freshness: Type.Object(
      {
        verdict: Type.Union(
          (['current', 'behind', 'away', 'unwatched', 'imported', 'unknown'] as const).map((verdict) =>
            Type.Literal(verdict),
          ),
        ),
        detail: Type.String(),
      },
      { description: 'Whether the series is as new as its feed could have made it.' },
    ),
    lastPromotion: Type.Union(
      [
        Type.Object({
          version: Type.Integer(),
          kind: Type.String(),
          reason: Type.String(),
          by: Type.Union([Type.String(), Type.Null()], { description: 'Who did it; null in older records.' }),
          at: Type.String(),
        }),
        Type.Null(),
      ],
      { description: 'The last change of champion; null before the first, and while the database is away.' },
    ),
    database: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    detectors: Type.Array(
      Type.Object({ day: Day, detector: Type.String(), statistic: Type.Number(), limit: Type.Number() }),
      { description: 'Every detector of the last checks with the limit at which it alarms, the oldest first.' },
    ),
    marks: Type.Array(
      Type.Object({
        day: Day,
        at: Type.String(),
        kind: Type.Union(
          (['promoted', 'rolled-back', 'alarm', 'refused', 'fault'] as const).map((kind) => Type.Literal(kind)),
        ),
        sentence: Type.String(),
      }),
      {
        description:
          'What deserves a mark in a drawing of the series, with the sentence of the record; the oldest first.',
      },
    ),
    story: Type.Array(
      Type.Object({
        quiet: Type.Boolean({ description: 'Nothing was decided but to go on.' }),
        runs: Type.Integer({
          description: 'Runs in it: several where quiet ones are folded, 0 for an act between runs.',
        }),
        from: Type.String(),
        to: Type.String(),
        events: Type.Array(Type.Object({ at: Type.String(), kind: Type.String(), sentence: Type.String() })),
      }),
      { description: 'The story of the series, one entry a run, the newest first.' },
    ),
  },
  { title: 'Overview' },
);
export type Overview = Static<typeof OverviewSchema>;
