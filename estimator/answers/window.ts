import type { DayForecast } from '../../core/forecast/forecast.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { DayAnswer, PredictionAhead } from '../schemas/answer.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { forecastWindow } from './forecast.ts';
import { unknownQuality } from './quality.ts';

export interface WindowQuestion {
  readonly closes: Float64Array;
  readonly horizon: number;
  /** Last day of the window; null for values that came without days. */
  readonly asOf: TradingDay | null;
}

/** The forecast after a window of the caller's own: the next value, and each of the `horizon` next ones. */
export function answerWindow(served: ServedSymbol, { closes, horizon, asOf }: WindowQuestion): PredictionAhead {
  const forecasts = forecastWindow(served, closes, horizon);
  const [{ prediction, lower, upper, naive }] = forecasts;
  return {
    prediction,
    lower,
    upper,
    naive,
    ...unknownQuality(served),
    asOf,
    forecast: daysAhead(forecasts),
  };
}

/** One entry a day ahead; the days where they are known. */
export function daysAhead(forecasts: readonly DayForecast[], days: readonly TradingDay[] = []): DayAnswer[] {
  return forecasts.map(({ prediction, lower, upper }, i) => ({ day: days[i] ?? null, prediction, lower, upper }));
}
