import { colours, numbers } from '../panels.ts';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { LIMITS } from '../limits.ts';

const DOWN_OR_UP = colours([null, 'red'], [1, 'green']);

export function fresh(): PanelBuilder[] {
  return [
    numbers(
      {
        title: 'Alerts firing',
        description:
          'Each alert has a heading in grafana/runbook.md: what it means, what to look at, what to do first.',
        unit: 'none',
        perRow: 6,
      },
      { firingAlerts: 'firing' },
      colours([null, 'green'], [1, 'red']),
    ),
    numbers(
      {
        title: 'Newest day of data',
        description:
          'Time since the start of the newest stored trading day. Weekends and holidays count here, so up to four days is usual for stocks. The bundled sample ends in 2020 and is always old.',
        unit: 's',
        perRow: 6,
      },
      { dataAge: '{{symbol}}' },
      colours([null, 'green'], [LIMITS.dataAgeSeconds, 'red']),
    ),
    numbers(
      {
        title: 'Last good run',
        description: 'Time since a run of the series last ended without failure, whatever it decided.',
        unit: 's',
        perRow: 6,
      },
      { runAge: '{{symbol}}' },
      colours([null, 'green'], [LIMITS.runAgeSeconds, 'red']),
    ),
    numbers(
      {
        title: 'Model last validated',
        description: 'Time since the champion was promoted, or met a challenger and was found still the best.',
        unit: 's',
        perRow: 6,
      },
      { validatedAge: '{{symbol}}' },
      colours([null, 'green'], [LIMITS.validatedAgeSeconds, 'red']),
    ),
    numbers(
      {
        title: 'Services',
        description: '1 when Prometheus reached every instance of the service at the last scrape.',
        unit: 'none',
        perRow: 6,
      },
      { servicesUp: '{{job}}' },
      DOWN_OR_UP,
    ),
    numbers(
      {
        title: 'Collectors',
        description:
          '0 when the metrics service could not read that part of the database; its figures are then missing.',
        unit: 'none',
        perRow: 6,
      },
      { collectors: '{{collector}}' },
      DOWN_OR_UP,
    ),
    numbers(
      {
        title: 'Bars held back',
        description:
          'Bars of the feed that were taken for faults and wait for a word: nothing is forecast from them or trained on them. `shepherd quarantine` lists each with its evidence.',
        unit: 'none',
        perRow: 1,
      },
      { heldBars: '{{symbol}}' },
      colours([null, 'green'], [1, 'red']),
    ),
  ];
}
