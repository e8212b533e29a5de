import { ShepherdError } from '../../core/errors.ts';
import type { DayForecast } from '../../core/forecast/forecast.ts';
import type { Bars } from '../../core/series/price.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { DayAnswer, PredictionAhead } from '../schemas/answer.ts';
import { LARGEST_VALUE, SMALLEST_PRICE } from '../schemas/request.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { forecastWindow } from './forecast.ts';
import { unknownQuality } from './quality.ts';

export interface WindowQuestion {
  readonly closes: Float64Array;
  /** Of the same days, where the caller gave them. */
  readonly bars?: Bars | undefined;
  readonly horizon: number;
  /** Last day of the window; null for values that came without days. */
  readonly asOf: TradingDay | null;
}

/**
 * The forecast after a window of the caller's own: the next value, and each of the `horizon` next ones.
 * @throws ShepherdError TOO_FEW_VALUES, INVALID_PRICE.
 */
export function answerWindow(served: ServedSymbol, { closes, bars, horizon, asOf }: WindowQuestion): PredictionAhead {
  const forecasts = forecastWindow(served, { closes: withinBounds(closes, served), ...(bars && { bars }) }, horizon);
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

/** Refuses values that no unit explains; what is not a price may be zero or negative. */
function withinBounds(closes: Float64Array, { model }: ServedSymbol): Float64Array {
  const isPrice = model.predictor.spec.transform === 'log-return';
  const odd = closes.findIndex(
    (value) => Math.abs(value) > LARGEST_VALUE || (isPrice && value > 0 && value < SMALLEST_PRICE),
  );
  if (odd === -1) return closes;
  throw new ShepherdError(
    'INVALID_PRICE',
    `Value ${odd + 1} is ${closes[odd] ?? 0}; expected ${isPrice ? `a price from ${SMALLEST_PRICE} to` : 'at most'} ${LARGEST_VALUE}. Send the series in another unit.`,
  );
}

/** One entry a day ahead; the days where they are known. */
export function daysAhead(forecasts: readonly DayForecast[], days: readonly TradingDay[] = []): DayAnswer[] {
  return forecasts.map(({ prediction, lower, upper }, i) => ({ day: days[i] ?? null, prediction, lower, upper }));
}
