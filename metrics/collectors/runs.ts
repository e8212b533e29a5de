import { listRunTotals } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { counter } from '../exposition.ts';

/** How have the runs of each series ended, and why? */
export const runs: Collector = {
  name: 'runs',
  async collect(client) {
    const rows = await listRunTotals(client);
    return [
      counter(
        'shepherd_runs_total',
        'Runs that have ended, by series, what they came to, and why. An outcome not met yet stands at 0 under one of its reasons.',
        rows.map(({ symbol, outcome, reason, runs: value }) => ({ labels: { symbol, outcome, reason }, value })),
      ),
    ];
  },
};
