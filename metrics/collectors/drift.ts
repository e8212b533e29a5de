import { listLatestDriftChecks } from '../../db/tables/views.ts';
import type { LatestDriftCheck } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gaugeBySymbol } from '../exposition.ts';
import type { Family } from '../exposition.ts';
import { unixSeconds } from '../unixTime.ts';

const DETECTED: Readonly<Record<LatestDriftCheck['verdict'], number>> = {
  stable: 0,
  drifted: 1,
  undetermined: Number.NaN, // it must not read as stable
};

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
        'Kolmogorov-Smirnov D between training and recent log returns',
        (row) => row.statistic,
      ),
      family('drift_ks_p_value', 'p-value of D for independent returns', (row) => row.rawP),
      family(
        'drift_ks_calibrated_p_value',
        'p-value of D that allows for volatility clustering',
        (row) => row.calibratedP,
      ),
      family('drift_detected', '1 drifted, 0 stable, NaN undetermined', (row) => DETECTED[row.verdict]),
      family('drift_last_check_timestamp_seconds', 'Unix time', (row) => unixSeconds(row.checkedAt)),
    ];
  },
};
