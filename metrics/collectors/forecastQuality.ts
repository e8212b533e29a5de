import type { ForecastQuality } from '../../core/forecast/quality.ts';
import { listQuality } from '../../db/tables/scores.ts';
import type { Collector } from '../collection.ts';
import { gaugeBySymbol } from '../exposition.ts';
import type { Family } from '../exposition.ts';

/** How good have the last 60 scored one-day forecasts been? */
export const forecastQuality: Collector = {
  name: 'forecast_quality',
  async collect(client) {
    const rows = Array.from(await listQuality(client), ([symbol, quality]) => ({ symbol, ...quality }));
    const family = (name: string, help: string, value: (row: ForecastQuality) => number | null): Family =>
      gaugeBySymbol(name, `${help}, last 60 scored days, one day ahead.`, rows, value);
    return [
      family('forecast_mse', 'Mean squared error in price units squared', (row) => row.mse),
      family(
        'forecast_naive_mse',
        'Mean squared error of "tomorrow is as today" on the same days',
        (row) => row.naiveMse,
      ),
      family('forecast_mae', 'Mean absolute error in price units', (row) => row.mae),
      family(
        'forecast_mape_ratio',
        'Mean absolute error as a share of the actual close, absent where the series comes near zero',
        (row) => row.mape,
      ),
      family(
        'forecast_crps',
        'Continuous ranked probability score in log returns (or differences, for such a series)',
        (row) => row.crps,
      ),
      family('forecast_skill_ratio', '1 - MSE / naive MSE; above 0 beats naive', (row) => row.skill),
      family('forecast_coverage_ratio', 'Share of closes inside the 90 % band', (row) => row.coverage),
    ];
  },
};
