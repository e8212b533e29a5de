import { getRunDurations } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { histogram } from '../exposition.ts';

/** How long do runs take? */
export const runDuration: Collector = {
  name: 'run_duration',
  async collect(client) {
    const { buckets, sum } = await getRunDurations(client);
    return [
      histogram('shepherd_run_duration_seconds', 'Seconds from the start of a run to its end, training included.', [
        { labels: {}, buckets, sum },
      ]),
    ];
  },
};
