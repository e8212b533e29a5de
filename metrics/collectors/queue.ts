import { listRunQueue } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge } from '../exposition.ts';

/** How much work waits? */
export const queue: Collector = {
  name: 'queue',
  async collect(client) {
    const rows = await listRunQueue(client);
    return [
      gauge(
        'shepherd_runs_pending',
        'Runs that are queued or running.',
        rows.map(({ state, runs }) => ({ labels: { state }, value: runs })),
      ),
    ];
  },
};
