import { Type, type Static } from '@sinclair/typebox';
import { quality } from './answer.ts';

const DayOrNull = (description: string) => Type.Union([Type.String({ format: 'date' }), Type.Null()], { description });

/** Value at risk and expected shortfall of a series some days ahead. */
export const RiskSchema = Type.Object(
  {
    symbol: Type.String(),
    asOf: DayOrNull('Last day the forecast has seen; null where the days are not known.'),
    day: DayOrNull('The day that is forecast; null where the days are not known.'),
    horizon: Type.Integer({ description: 'Trading days from `asOf` to `day`.' }),
    naive: Type.Number({ description: 'The last close, from which changes are counted.' }),
    change: Type.String({
      description: 'What a change is: log-return (of the close) or difference (in the unit of the series).',
    }),
    risk: Type.Array(
      Type.Object({
        level: Type.Number({ description: 'Probability of the tail: .01, .025 or .05.' }),
        valueAtRisk: Type.Number({
          description: 'The change that is undercut with that probability; a loss is negative.',
        }),
        expectedShortfall: Type.Number({ description: 'Mean of the changes below it.' }),
        value: Type.Number({ description: 'The close after a change of `valueAtRisk`.' }),
      }),
    ),
    ...quality,
  },
  { title: 'Risk' },
);
export type Risk = Static<typeof RiskSchema>;
