import type { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import type { PanelBuilder as Timeline } from '@grafana/grafana-foundation-sdk/timeseries';
import { listing, timeline } from '../panels.ts';

export function happened(): (Table | Timeline)[] {
  return [
    listing(
      {
        title: 'Champions',
        description: 'The model in service for each series. `shepherd history` tells how it came to be.',
        unit: 'none',
        perRow: 2,
      },
      { champions: '', trainedAt: '', promotedAt: '' },
    )
      .overrideByRegexp('trained|promoted', [{ id: 'unit', value: 'dateTimeAsIso' }])
      .withTransformation({ id: 'joinByField', options: { byField: 'symbol', mode: 'outer' } })
      .withTransformation({
        id: 'filterFieldsByName',
        options: { include: { pattern: '^(symbol|version|sha256|Value #trainedAt|Value #promotedAt)$' } },
      })
      .withTransformation({
        id: 'organize',
        options: {
          renameByName: { 'Value #trainedAt': 'trained', 'Value #promotedAt': 'promoted' },
        },
      }),
    listing(
      {
        title: 'Runs by outcome and reason',
        description: 'All runs in the ledger, also every "no".',
        unit: 'none',
        perRow: 2,
      },
      { runs: '' },
    ).withTransformation({
      id: 'organize',
      options: { excludeByName: { Time: true }, renameByName: { Value: 'runs' } },
    }),
    timeline(
      {
        title: 'Runs ended',
        description: 'Runs that ended in each interval, by outcome. Vertical marks are promotions.',
        unit: 'short',
        perRow: 2,
      },
      { runsOverTime: '{{outcome}}' },
    ).min(0),
    timeline(
      {
        title: 'Time of one run',
        description: 'From start to end, training included, over the range shown.',
        unit: 's',
        perRow: 2,
      },
      { runDurationMedian: 'median', runDuration95: '95 %' },
    ),
  ];
}
