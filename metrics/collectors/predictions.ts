import { listPredictionLatency } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { counter, histogram } from '../exposition.ts';

/** How long did answers take, over all estimators? Each estimator counts its own as well, and what it refused. */
export const predictions: Collector = {
  name: 'predictions',
  async collect(client) {
    const rows = await listPredictionLatency(client);
    const answered = rows.reduce((total, { count }) => total + count, 0);
    return [
      histogram(
        'predict_duration_seconds',
        'Seconds one answer took, from the prediction log of all estimators.',
        rows.map(({ symbol, buckets, sum }) => ({ labels: { symbol }, buckets, sum })),
      ),
      counter('predict_requests_total', 'Requests answered, from the prediction log of all estimators.', [
        { labels: { outcome: 'answered' }, value: answered },
      ]),
    ];
  },
};
