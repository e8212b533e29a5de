import { listRunTotals } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { counter } from '../exposition.ts';

/** Known in advance, so that the first of a kind is seen as a rise from zero. */
const OUTCOMES = ['promoted', 'revalidated', 'kept', 'undetermined', 'overtaken', 'skipped', 'failed'];

/** How have runs ended, and why? */
export const runs: Collector = {
  name: 'runs',
  async collect(client) {
    const rows = await listRunTotals(client);
    return [
      counter('shepherd_runs_total', 'Runs that have ended, by what they came to and why.', [
        ...OUTCOMES.map((outcome) => ({ labels: { outcome, reason: '' }, value: 0 })),
        ...rows.map(({ outcome, reason, runs: value }) => ({ labels: { outcome, reason }, value })),
      ]),
    ];
  },
};
