import { listHeldBars } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge } from '../exposition.ts';

/** How many bars of each feed wait for someone's word? */
export const heldBars: Collector = {
  name: 'held_bars',
  async collect(client) {
    const rows = await listHeldBars(client);
    return [
      gauge(
        'shepherd_bars_held_back',
        'Bars of the feed that were taken for faults and are neither stored nor settled.',
        rows.map(({ symbol, kind, bars }) => ({ labels: { symbol, kind }, value: bars })),
      ),
    ];
  },
};
