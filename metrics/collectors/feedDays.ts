import { listMissedDays } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gaugeBySymbol } from '../exposition.ts';

/** Which feeds have fallen silent? */
export const feedDays: Collector = {
  name: 'feed_days',
  async collect(client) {
    return [
      gaugeBySymbol(
        'shepherd_missed_trading_days',
        "Trading days of the series' own calendar that its feed should have sent, at the last run that asked it.",
        await listMissedDays(client),
        (row) => row.days,
      ),
    ];
  },
};
