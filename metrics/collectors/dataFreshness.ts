import { listDataFreshness } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge } from '../exposition.ts';
import { startOfDay } from '../unixTime.ts';

/** What is the newest day of each series? */
export const dataFreshness: Collector = {
  name: 'data_freshness',
  async collect(client) {
    const rows = await listDataFreshness(client);
    return [
      gauge(
        'data_last_day_timestamp_seconds',
        'Unix time of the start (UTC) of the newest stored trading day.',
        rows.map(({ symbol, lastDay }) => ({ labels: { symbol }, value: startOfDay(lastDay) })),
      ),
      gauge(
        'series_info',
        'A series with prices and where they come from, always 1.',
        rows.map(({ symbol, source }) => ({ labels: { symbol, source }, value: 1 })),
      ),
    ];
  },
};
