import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { LIMITS } from '../limits.ts';
import { colours, timeline } from '../panels.ts';

export function speed(): PanelBuilder[] {
  return [
    timeline(
      {
        title: 'Time of one prediction',
        description: 'Quantiles over all estimators, from the prediction log.',
        unit: 's',
        perRow: 2,
      },
      { latencyMedian: 'median', latency95: '95 %', latency99: '99 %' },
      colours([null, 'green'], [LIMITS.predictSeconds, 'red']),
    ),
    timeline(
      {
        title: 'Requests a second',
        description: 'Requests to the estimator by outcome.',
        unit: 'reqps',
        perRow: 2,
      },
      { requests: '{{outcome}}' },
    ),
    timeline(
      {
        title: 'Mean inference time',
        description: 'By series, from the prediction log.',
        unit: 's',
        perRow: 2,
      },
      { meanLatency: '{{symbol}}' },
    ),
    timeline(
      {
        title: 'Memory',
        description: 'Resident memory of each process.',
        unit: 'bytes',
        perRow: 2,
      },
      { memory: '{{job}} {{instance}}' },
    ),
  ];
}
