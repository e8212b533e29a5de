import {
  AnnotationQueryBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { POSTGRES, PROMETHEUS } from '../datasource.ts';
import { LEVEL, LIMITS } from '../limits.ts';
import { banded, colours, frequencies, numbers, recorded, rows } from '../panels.ts';
import { sqlQuery } from '../sqlQuery.ts';
import { MARKS } from '../statements.ts';
import { board } from './board.ts';

/* eslint-disable @typescript-eslint/no-deprecated -- the successor, dashboardv2, is not what Grafana's file provisioning reads */

const MARK_COLOURS: Readonly<Record<keyof typeof MARKS, string>> = {
  Promotions: 'blue',
  Retrains: 'purple',
  Alarms: 'orange',
  Refusals: 'yellow',
  'Feed faults': 'red',
};

/** One series: what was forecast and what came, whether the data moved, and what was done about it. */
export function seriesBoard(): Dashboard {
  const dashboard = board(
    {
      uid: 'shepherd-series',
      title: 'Shepherd: one series',
      description:
        'Actual against issued forecasts, skill and coverage, every detector with its limit, and what was done.',
      from: 'now-90d',
    },
    {
      'Can I trust it?': [
        rows(
          {
            title: 'At a glance',
            description: 'Where the series stands now. Days that are missed are counted by its own calendar.',
            unit: 'none',
            perRow: 1,
          },
          'glance',
        )
          .height(4)
          .overrideByRegexp('skill|coverage', [{ id: 'unit', value: 'percentunit' }]),
        numbers(
          {
            title: 'Trading days missed',
            description: 'Trading days that the feed should have sent by now.',
            unit: 'none',
            perRow: 5,
          },
          { missedDays: 'missed' },
          colours([null, 'green'], [LIMITS.missedDays, 'red']),
        ).span(5),
        numbers(
          {
            title: 'Last good run',
            description: 'Time since a run of the series last ended without failure, whatever it decided.',
            unit: 's',
            perRow: 5,
          },
          { runAge: 'ago' },
          colours([null, 'green'], [LIMITS.runAgeSeconds, 'red']),
        ).span(5),
        numbers(
          {
            title: 'Model last validated',
            description: 'Time since the champion was promoted, or met a challenger and was found still the best.',
            unit: 's',
            perRow: 5,
          },
          { validatedAge: 'ago' },
          colours([null, 'green'], [LIMITS.validatedAgeSeconds, 'red']),
        ).span(5),
        numbers(
          {
            title: 'Bars held back',
            description: 'Bars of its feed that wait for a word: `shepherd quarantine` lists each with its evidence.',
            unit: 'none',
            perRow: 5,
          },
          { seriesHeld: 'bars' },
          colours([null, 'green'], [1, 'red']),
        ).span(5),
        numbers(
          {
            title: 'Retrains left',
            description: 'Of the budget of the series, as of its last decision.',
            unit: 'none',
            perRow: 6,
          },
          { seriesBudget: 'left' },
          colours([null, 'red'], [1, 'green']),
        ),
        banded(
          recorded(
            {
              title: 'Actual against the forecasts that were issued',
              description:
                'Each point at the moment its forecast was issued: the forecast and its 90 % band as they were given, and the close that came.',
              unit: 'none',
              perRow: 1,
            },
            'forecasts',
          ),
        )
          .height(11)
          .overrideByName('actual', [
            { id: 'custom.lineWidth', value: 2 },
            { id: 'color', value: { mode: 'fixed', fixedColor: 'green' } },
          ])
          .overrideByName('forecast', [
            { id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 4] } },
            { id: 'color', value: { mode: 'fixed', fixedColor: 'orange' } },
          ]),
      ],
      'Is it any good?': [
        banded(
          recorded(
            {
              title: 'Skill against naive',
              description:
                '1 − MSE / MSE of "tomorrow is as today" over the last 60 scored days, with the 90 % interval of independent days. The dashed line is where the alert fires.',
              unit: 'percentunit',
              perRow: 3,
            },
            'skill',
            colours([null, 'red'], [LIMITS.skill, 'green']),
          ),
        ),
        banded(
          recorded(
            {
              title: 'Coverage of the 90 % bands',
              description: `Share of the last 60 actual closes that fell inside the band, with its Wilson interval; ${LEVEL} is the promise.`,
              unit: 'percentunit',
              perRow: 3,
            },
            'coverage',
            colours([null, 'red'], [LIMITS.coverage, 'green']),
          ),
        ).max(1),
        frequencies(
          {
            title: 'PIT of the last 250 forecasts',
            description:
              'Where each close fell in the distribution that was forecast. Flat is right; heaped at the edges the bands are too narrow, in the middle too wide, on one side the forecast leans.',
            unit: 'none',
            perRow: 3,
          },
          'pit',
        ),
      ],
      'Has it drifted?': [
        recorded(
          {
            title: 'Distribution of the data',
            description:
              'Kolmogorov–Smirnov distance of the last days from the reference, and the limit that decided at that check.',
            unit: 'none',
            perRow: 2,
          },
          'ks',
        )
          .min(0)
          .overrideByName('limit', [
            { id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 4] } },
            { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
          ]),
        recorded(
          {
            title: 'Every detector against its limit',
            description:
              'Each statistic as a share of the limit that decides: at 100 % it alarms. "losses" is the check of the champion itself.',
            unit: 'percentunit',
            perRow: 2,
          },
          'detectors',
          colours([null, 'green'], [1, 'red']),
        ).min(0),
        rows(
          {
            title: 'Checks',
            description: 'Each detector of each check with its limit, and the verdict of the check.',
            unit: 'none',
            perRow: 1,
          },
          'checks',
        ),
      ],
      'What was done?': [
        rows(
          { title: 'Versions', description: 'What was put into service when and why.', unit: 'none', perRow: 2 },
          'versions',
        ),
        rows(
          {
            title: 'Story',
            description: 'The record of the series in the range shown, the newest first.',
            unit: 'none',
            perRow: 2,
          },
          'story',
        ),
      ],
    },
  ).withVariable(
    new QueryVariableBuilder('symbol')
      .label('Series')
      .datasource(PROMETHEUS)
      .query('label_values(shepherd_series_info, symbol)')
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc),
  );
  for (const [name, statement] of Object.entries(MARKS)) {
    dashboard.annotation(
      new AnnotationQueryBuilder()
        .name(name)
        .datasource(POSTGRES)
        .enable(name !== 'Refusals')
        .iconColor(MARK_COLOURS[name as keyof typeof MARKS]) // a key of MARKS, from its own entries
        .target(sqlQuery('Anno', statement)),
    );
  }
  return dashboard.build();
}
