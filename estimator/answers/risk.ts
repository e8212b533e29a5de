import { ahead } from '../../core/forecast/ahead.ts';
import { RISK_LEVELS, tailRisk } from '../../core/forecast/risk.ts';
import { lastPrices } from '../../core/series/price.ts';
import { applyChange } from '../../core/series/transform.ts';
import type { Risk } from '../schemas/risk.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { forecastWindow } from './forecast.ts';
import { qualityFields } from './quality.ts';

/** What may be lost from the last stored close to `horizon` days later, by the tail of the forecast's distribution. */
export function answerRisk(served: ServedSymbol, horizon: number): Risk {
  const { transform, window } = served.model.predictor.spec;
  const { naive, distribution } = ahead(forecastWindow(served, lastPrices(served.series, window), horizon), horizon);
  return {
    symbol: served.symbol,
    asOf: served.series.days.at(-1) ?? null,
    day: served.upcoming[horizon - 1] ?? null,
    horizon,
    naive,
    change: transform,
    risk: RISK_LEVELS.map((level) => {
      const { valueAtRisk, expectedShortfall } = tailRisk(distribution, level);
      return { level, valueAtRisk, expectedShortfall, value: applyChange(naive, valueAtRisk, transform) };
    }),
    ...qualityFields(served),
  };
}
