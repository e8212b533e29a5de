import type { TradingDay } from '../../core/series/day.ts';
import type { Prediction } from '../schemas/answer.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { forecastWindow } from './forecast.ts';
import { standingFields } from './standing.ts';

export interface WindowQuestion {
  readonly closes: Float64Array;
  readonly horizon: number;
  /** Last day of the window; null for values that came without days. */
  readonly asOf: TradingDay | null;
  /** The days ahead, first to `horizon`, where they are known. */
  readonly days?: readonly TradingDay[];
}

/** The forecast after one window: the next day, and with a horizon above 1 every day up to it. */
export function answerWindow(served: ServedSymbol, { closes, horizon, asOf, days }: WindowQuestion): Prediction {
  const forecasts = forecastWindow(served, closes, horizon);
  const [{ prediction, lower, upper, naive }] = forecasts;
  return {
    prediction,
    lower,
    upper,
    naive,
    ...standingFields(served),
    asOf,
    ...(days !== undefined && { day: days[0] ?? null }),
    ...(horizon > 1 && {
      forecast: forecasts.map((day, i) => ({
        day: days?.[i] ?? null,
        prediction: day.prediction,
        lower: day.lower,
        upper: day.upper,
      })),
    }),
  };
}
