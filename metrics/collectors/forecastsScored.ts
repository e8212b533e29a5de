import { listScoredTotals } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { counter } from '../exposition.ts';

/** How many forecasts have met their actual close? */
export const forecastsScored: Collector = {
  name: 'forecasts_scored',
  async collect(client) {
    const rows = await listScoredTotals(client);
    return [
      counter(
        'forecast_predictions_scored_total',
        'Forecasts, of any horizon, whose actual close has arrived.',
        rows.map(({ symbol, forecasts }) => ({ labels: { symbol }, value: forecasts })),
      ),
    ];
  },
};
