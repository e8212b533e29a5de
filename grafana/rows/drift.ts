import { MappingType, SpecialValueMatch } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import type { PanelBuilder as Timeline } from '@grafana/grafana-foundation-sdk/timeseries';
import { LIMITS } from '../limits.ts';
import { colours, numbers, timeline } from '../panels.ts';

const VERDICTS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: { '0': { text: 'stable', color: 'green' }, '1': { text: 'drifted', color: 'orange' } },
  },
  {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text: 'undetermined', color: 'purple' } },
  },
];

export function drift(): (Stat | Timeline)[] {
  return [
    numbers(
      {
        title: 'Verdict of the last check',
        description:
          'Are the last 60 log returns from the same distribution as those the champion was trained on? "undetermined" means the check could not tell; it never means stable.',
        unit: 'none',
        perRow: 2,
      },
      { driftDetected: '{{symbol}}' },
      colours([null, 'green'], [1, 'orange']),
    ).mappings(VERDICTS),
    numbers(
      {
        title: 'Last check',
        description: 'Time since the last drift check.',
        unit: 's',
        perRow: 2,
      },
      { driftCheckAge: '{{symbol}}' },
      colours([null, 'green'], [LIMITS.runAgeSeconds, 'red']),
    ),
    timeline(
      {
        title: 'p-value, calibrated and plain',
        description:
          'The verdict uses the calibrated p, which allows for volatility clustering; the plain Kolmogorov–Smirnov p does not and fires far too often. It alarms at or below the threshold, which follows from the needless retrains that are allowed.',
        unit: 'none',
        perRow: 2,
      },
      {
        driftCalibratedP: '{{symbol}} calibrated',
        driftPlainP: '{{symbol}} plain',
        driftThresholdP: '{{symbol}} threshold',
      },
    )
      .min(0)
      .max(1),
    timeline(
      {
        title: 'KS statistic',
        description: 'Largest distance between the two distribution functions, 0 to 1.',
        unit: 'none',
        perRow: 2,
      },
      { driftStatistic: '{{symbol}}' },
    )
      .min(0)
      .max(1),
    timeline(
      {
        title: 'Detectors against their limits',
        description:
          'What each detector has summed up, as a share of its own limit: at 1 it alarms. All of them together, and the check of losses, spend the one number of needless retrains that is allowed.',
        unit: 'percentunit',
        perRow: 1,
      },
      { driftDetectors: '{{symbol}} {{detector}}' },
      colours([null, 'green'], [LIMITS.detectorShare, 'orange']),
    ).min(0),
  ];
}
