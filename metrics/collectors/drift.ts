import { listLatestDriftChecks } from '../../db/tables/views.ts';
import type { LatestDriftCheck } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge, gaugeBySymbol } from '../exposition.ts';
import type { Family } from '../exposition.ts';
import { unixSeconds } from '../unixTime.ts';

/** A check that could not tell: the series stays, and its value is no number. */
const UNKNOWN = Number.NaN;

const DETECTED: Readonly<Record<LatestDriftCheck['verdict'], number>> = {
  stable: 0,
  drifted: 1,
  undetermined: UNKNOWN, // it must not read as stable
};

/** A sample for each detector of each series; a series that nothing watches day by day has none. */
function byDetector(
  rows: readonly LatestDriftCheck[],
  name: string,
  help: string,
  figure: 'statistic' | 'limit',
): Family {
  return gauge(
    name,
    `${help}, at the last check.`,
    rows.flatMap(({ symbol, detectors }) =>
      detectors.map((reading) => ({ labels: { symbol, detector: reading.detector }, value: reading[figure] })),
    ),
  );
}

/** What did the last drift check of each series find? */
export const drift: Collector = {
  name: 'drift',
  async collect(client) {
    const rows = await listLatestDriftChecks(client);
    const family = (name: string, help: string, value: (row: LatestDriftCheck) => number | null): Family =>
      gaugeBySymbol(name, `${help}, at the last check.`, rows, value);
    return [
      family(
        'drift_ks_statistic',
        'Kolmogorov-Smirnov D between the changes of the reference period and the newest (log returns of prices, differences of other series), NaN undetermined',
        (row) => row.statistic ?? UNKNOWN,
      ),
      family(
        'drift_ks_p_value',
        'p-value of D for independent changes, NaN undetermined',
        (row) => row.rawP ?? UNKNOWN,
      ),
      family(
        'drift_ks_calibrated_p_value',
        'p-value of D that allows for volatility clustering, NaN undetermined',
        (row) => row.calibratedP ?? UNKNOWN,
      ),
      family(
        'drift_ks_threshold_p_value',
        'Calibrated p-value at or below which Kolmogorov-Smirnov alarms, NaN undetermined',
        (row) => row.threshold ?? UNKNOWN,
      ),
      byDetector(rows, 'drift_detector_statistic', 'What each detector has summed up (nats; D for ks)', 'statistic'),
      byDetector(rows, 'drift_detector_limit', 'Where that detector alarms', 'limit'),
      family('drift_detected', '1 drifted, 0 stable, NaN undetermined', (row) => DETECTED[row.verdict]),
      family('drift_last_check_timestamp_seconds', 'Unix time', (row) => unixSeconds(row.checkedAt)),
    ];
  },
};
