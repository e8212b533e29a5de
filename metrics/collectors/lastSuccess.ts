import { listLastSuccesses } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge } from '../exposition.ts';
import { unixSeconds } from '../unixTime.ts';

/** When did a run of each series last end well? */
export const lastSuccess: Collector = {
  name: 'last_success',
  async collect(client) {
    const rows = await listLastSuccesses(client);
    return [
      gauge(
        'shepherd_last_success_timestamp_seconds',
        'Unix time at which a run of the series last ended without failure, whatever it decided.',
        rows.map(({ symbol, endedAt }) => ({ labels: { symbol }, value: unixSeconds(endedAt) })),
      ),
    ];
  },
};
