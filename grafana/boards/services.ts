import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { LIMITS } from '../limits.ts';
import { colours, numbers, timeline } from '../panels.ts';
import { board } from './board.ts';

/* eslint-disable @typescript-eslint/no-deprecated -- the successor, dashboardv2, is not what Grafana's file provisioning reads */

const DOWN_OR_UP = colours([null, 'red'], [1, 'green']);
const NONE_IS_GOOD = colours([null, 'green'], [1, 'red']);
const ALL_SPENT = colours([null, 'green'], [1, 'orange'], [14.4, 'red']);

/** The programs: are they up, quick and not at their limit? */
export function servicesBoard(): Dashboard {
  return board(
    {
      uid: 'shepherd-services',
      title: 'Shepherd: services',
      description:
        'Rate, errors and duration of each route, saturation, queue, database, cost of scraping, objectives.',
      from: 'now-6h',
    },
    {
      'Is everything up?': [
        numbers(
          {
            title: 'Services',
            description: '1 when Prometheus reached every instance of the service at the last scrape.',
            unit: 'none',
            perRow: 2,
          },
          { servicesUp: '{{job}}' },
          DOWN_OR_UP,
        ),
        numbers(
          {
            title: 'Database',
            description: '1 when every estimator had its last question answered.',
            unit: 'none',
            perRow: 6,
          },
          { databaseUp: 'reached' },
          DOWN_OR_UP,
        ),
        numbers(
          {
            title: 'Collectors failing',
            description: 'Parts of the database that the exporter could not read; their figures are missing.',
            unit: 'none',
            perRow: 6,
          },
          { collectors: 'failing' },
          NONE_IS_GOOD,
        ),
        numbers(
          {
            title: 'Record broken at',
            description:
              'Of the newest thousand rows of the record, those that are not what was sealed: any at all is serious.',
            unit: 'none',
            perRow: 6,
          },
          { record: 'rows' },
          NONE_IS_GOOD,
        ),
      ],
      'Rate, errors, duration': [
        timeline(
          { title: 'Requests', description: 'Requests a second by route of the estimator.', unit: 'reqps', perRow: 3 },
          { rate: '{{route}}' },
        ),
        timeline(
          {
            title: 'Errors',
            description: 'Refused (4xx) and failed (5xx) requests a second by route.',
            unit: 'reqps',
            perRow: 3,
          },
          { errors: '{{route}} {{status}}' },
        ),
        timeline(
          {
            title: 'Duration, 95 %',
            description: 'Time from the arrival of a request to its answer, by route.',
            unit: 's',
            perRow: 3,
          },
          { duration: '{{route}}' },
        ),
        timeline(
          {
            title: 'Predictions',
            description: 'Requests for a forecast by how they ended.',
            unit: 'reqps',
            perRow: 3,
          },
          { requests: '{{outcome}}' },
        ),
        timeline(
          {
            title: 'Time of one prediction',
            description: 'Half of all are quicker than the median, one in a hundred slower than the 99 %.',
            unit: 's',
            perRow: 3,
          },
          { latencyMedian: 'median', latency99: '99 %' },
          colours([null, 'green'], [LIMITS.predictSeconds, 'red']),
        ),
        timeline(
          {
            title: 'Mean inference time',
            description: 'By series, from the log of all estimators.',
            unit: 's',
            perRow: 3,
          },
          { meanInference: '{{symbol}}' },
        ),
      ],
      'Objectives and limits': [
        timeline(
          {
            title: 'Error budget burning',
            description:
              'How many times faster than the objective allows (99.5 % of predictions answered): at 1 the month is just enough, at 14.4 it is gone in two days.',
            unit: 'none',
            perRow: 2,
          },
          { errorBurn: 'failed' },
          ALL_SPENT,
        ).min(0),
        timeline(
          {
            title: 'Latency budget burning',
            description: 'The same for the objective that 99 % of predictions take less than a tenth of a second.',
            unit: 'none',
            perRow: 2,
          },
          { slowBurn: 'slow' },
          ALL_SPENT,
        ).min(0),
        timeline(
          {
            title: 'Event loop lateness, 99 %',
            description: 'How late a process comes to what it should do: the first sign that it is full.',
            unit: 's',
            perRow: 3,
          },
          { eventLoop: '{{job}}' },
        ),
        timeline(
          { title: 'Processor', description: 'Cores that each process keeps busy.', unit: 'none', perRow: 3 },
          { processor: '{{job}}' },
        ),
        timeline(
          { title: 'Memory', description: 'Resident memory of each process.', unit: 'bytes', perRow: 3 },
          { memory: '{{job}} {{instance}}' },
        ),
        timeline(
          {
            title: 'Time of each collector',
            description: 'What each question of the exporter to the database takes.',
            unit: 's',
            perRow: 3,
          },
          { collectorSeconds: '{{collector}}' },
        ),
        timeline(
          { title: 'Time of a scrape', description: 'What watching costs each service.', unit: 's', perRow: 3 },
          { scrapeSeconds: '{{job}}' },
        ),
        timeline(
          {
            title: 'Samples of a scrape',
            description: 'Grows with the number of series; what Prometheus has to store.',
            unit: 'short',
            perRow: 3,
          },
          { scrapeSamples: '{{job}}' },
        ),
      ],
    },
  ).build();
}
