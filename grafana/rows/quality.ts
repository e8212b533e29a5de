import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { LEVEL, LIMITS } from '../limits.ts';
import { colours, timeline } from '../panels.ts';

export function quality(): PanelBuilder[] {
  return [
    timeline(
      {
        title: 'Skill against naive',
        description:
          '1 − MSE / MSE of "tomorrow is as today", over the last 60 scored days. Above 0 the model earns its keep; the dashed line is where the alert fires.',
        unit: 'percentunit',
        perRow: 2,
      },
      { skill: '{{symbol}}' },
      colours([null, 'red'], [LIMITS.skill, 'green']),
    ),
    timeline(
      {
        title: 'Coverage of the 90 % bands',
        description: `Share of the last 60 actual closes that fell inside the band; ${LEVEL} is the promise.`,
        unit: 'percentunit',
        perRow: 2,
      },
      { coverage: '{{symbol}}' },
      colours([null, 'red'], [LIMITS.coverage, 'green']),
    ).max(1),
    timeline(
      {
        title: 'MSE: live, naive, held out',
        description:
          'Squared error in price units: the served forecasts and the naive ones on the same days, and what the champion showed on its held-out days before promotion.',
        unit: 'none',
        perRow: 2,
      },
      { mse: '{{symbol}}', naiveMse: '{{symbol}} naive', holdoutMse: '{{symbol}} held out' },
    ),
    timeline(
      {
        title: 'Forecasts scored',
        description: 'Forecasts whose actual close has arrived. A flat line means no new closes.',
        unit: 'short',
        perRow: 2,
      },
      { scored: '{{symbol}}' },
    ),
    timeline(
      {
        title: 'Mean absolute error',
        description: 'In price units, last 60 scored days.',
        unit: 'none',
        perRow: 3,
      },
      { mae: '{{symbol}}' },
    ),
    timeline(
      {
        title: 'Mean absolute percentage error',
        description: 'Absolute error as a share of the actual close, last 60 scored days.',
        unit: 'percentunit',
        perRow: 3,
      },
      { mape: '{{symbol}}' },
    ),
    timeline(
      {
        title: 'CRPS',
        description:
          'Judges the whole forecast distribution, in log returns: for a forecast without spread it is the absolute error. Lower is better.',
        unit: 'percentunit',
        perRow: 3,
      },
      { crps: '{{symbol}}' },
    ),
  ];
}
