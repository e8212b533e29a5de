import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { LIMITS } from '../limits.ts';
import { colours, listing, numbers, rows, timeline } from '../panels.ts';
import { board } from './board.ts';

/* eslint-disable @typescript-eslint/no-deprecated -- the successor, dashboardv2, is not what Grafana's file provisioning reads */

const NONE_IS_GOOD = colours([null, 'green'], [1, 'orange']);

/** All series: which need a look, what ran, and what it cost. */
export function flockBoard(): Dashboard {
  return board(
    {
      uid: 'shepherd-flock',
      title: 'Shepherd: the flock',
      description: 'Which series need a look, what the runs came to, and what the retrains cost.',
      from: 'now-24h',
    },
    {
      'Does anything need a look?': [
        numbers(
          {
            title: 'Series',
            description: 'Series with prices that are followed or were imported.',
            unit: 'none',
            perRow: 6,
          },
          { seriesCount: 'series' },
          colours([null, 'green']),
        ),
        numbers(
          {
            title: 'Alerts firing',
            description: 'Each alert has a heading in the runbook: what it means, what to look at, what to do first.',
            unit: 'none',
            perRow: 6,
          },
          { firingAlerts: 'firing' },
          colours([null, 'green'], [1, 'red']),
        ),
        numbers(
          {
            title: 'Silent feeds',
            description: 'Series of which at least one trading day of their own calendar is missing.',
            unit: 'none',
            perRow: 6,
          },
          { silentFeeds: 'silent' },
          NONE_IS_GOOD,
        ),
        numbers(
          {
            title: 'Bars held back',
            description:
              'Taken for faults of the feed: nothing is forecast from them or trained on them until someone gives a word.',
            unit: 'none',
            perRow: 6,
          },
          { heldBars: 'bars' },
          NONE_IS_GOOD,
        ),
        numbers(
          {
            title: 'Drifted series',
            description: 'Series whose last check found the data drifted; the table says in what.',
            unit: 'none',
            perRow: 6,
          },
          { driftedSeries: 'drifted' },
          NONE_IS_GOOD,
        ),
        numbers(
          {
            title: 'Runs failed today',
            description: 'Runs that failed in the last 24 hours.',
            unit: 'none',
            perRow: 6,
          },
          { failedRuns: 'failed' },
          NONE_IS_GOOD,
        ),
        rows(
          {
            title: 'Worst first',
            description:
              'One row a series, those with the most to look at on top. A click on a series opens its own board.',
            unit: 'none',
            perRow: 1,
          },
          'flock',
        )
          .height(12)
          .overrideByName('series', [
            {
              id: 'links',
              value: [{ title: 'Its board', url: '/d/shepherd-series?var-symbol=${__value.text}', targetBlank: false }],
            },
          ])
          .overrideByRegexp('skill|coverage', [{ id: 'unit', value: 'percentunit' }])
          .overrideByName('validated', [{ id: 'unit', value: 'dateTimeAsIso' }])
          .overrideByName('coverage', [
            { id: 'thresholds', value: colours([null, 'red'], [LIMITS.coverage, 'green']).build() },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ])
          .overrideByName('missed', [
            { id: 'thresholds', value: colours([null, 'green'], [LIMITS.missedDays, 'orange']).build() },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ]),
        listing(
          {
            title: 'Alerts',
            description: 'What fires now, by series or service; 0 in a row without names when nothing does.',
            unit: 'none',
            perRow: 2,
          },
          { alerts: '' },
        ),
        timeline(
          {
            title: 'Retrain budget spent',
            description:
              'The twenty series that have spent most of the retrains they may have in a year; 100 % is all.',
            unit: 'percentunit',
            perRow: 2,
          },
          { budgetSpent: '{{symbol}}' },
          colours([null, 'green'], [1, 'red']),
        ).min(0),
      ],
      'What ran?': [
        timeline(
          {
            title: 'Runs ended',
            description: 'Runs that ended in each interval, by outcome.',
            unit: 'short',
            perRow: 2,
          },
          { runsOverTime: '{{outcome}}' },
        ).min(0),
        timeline(
          {
            title: 'Runs waiting and under way',
            description: 'A queue that only grows means that no shepherd carries it out.',
            unit: 'short',
            perRow: 2,
          },
          { pending: '{{state}}' },
        ).min(0),
        rows(
          {
            title: 'What happened last',
            description: 'Ends of runs, changes of champion and faults of feeds, each in the words of the record.',
            unit: 'none',
            perRow: 1,
          },
          'latestRuns',
        ),
      ],
    },
  ).build();
}
