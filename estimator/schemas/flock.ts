import { Type } from '@sinclair/typebox';

const text = Type.String();
/** @param isNull what null means. */
const maybe = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: T, isNull: string) =>
  Type.Union([schema, Type.Null()], { description: isNull });

/** Every series as it stands among the others. */
export const FlockSchema = Type.Object(
  {
    series: Type.Array(
      Type.Object({
        symbol: text,
        source: text,
        lastDay: maybe(text, 'null while it has no prices.'),
        version: maybe(Type.Number(), 'The model in service; null before the first.'),
        pinned: Type.Boolean(),
        verdict: maybe(text, 'Of the last check; null before the first.'),
        cause: maybe(text, 'What moved; null unless drifted.'),
        heldBars: Type.Integer({ description: 'Bars of its feed that wait for a word.' }),
        missedDays: Type.Integer({ description: 'Trading days of its own calendar that its feed should have sent.' }),
        scored: Type.Integer({ description: 'Days behind skill and coverage, at most 60.' }),
        skill: maybe(Type.Number(), 'null before the first scored day.'),
        coverage: maybe(Type.Number(), 'null before the first scored day.'),
        spent: maybe(Type.Number(), 'Retrains spent of those allowed; null before the first decision.'),
        allowed: maybe(Type.Number(), 'null before the first decision.'),
        outcome: maybe(text, 'Of the last run; null until it has ended, and before the first.'),
        sentence: maybe(text, 'How its last run ended; null until then.'),
        endedAt: maybe(text, 'When its last run ended; null until then.'),
      }),
    ),
  },
  { title: 'Flock' },
);
