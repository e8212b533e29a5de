import { ShepherdError } from '../../core/errors.ts';
import { tooFewValues } from '../../core/model/infer.ts';
import type { Prices } from '../../core/series/price.ts';
import { makeForecast, type DayForecast } from '../../core/forecast/forecast.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';

/**
 * The served model's forecasts of the next `horizon` days after the last of the prices.
 * @throws ShepherdError TOO_FEW_VALUES in the words callers know, INVALID_PRICE for values no forecast can be made of.
 */
export function forecastWindow(
  { model, band }: ServedSymbol,
  { closes, bars }: Prices,
  horizon: number,
): readonly [DayForecast, ...DayForecast[]] {
  const { window } = model.predictor.spec;
  if (closes.length < window) {
    throw tooFewValues(window, closes.length);
  }
  const { predictor, calibration } = model;
  return finite(makeForecast({ predictor, calibration, band, closes, bars, horizon }));
}

/** Refuses forecasts that overflowed, which JSON could only say as null. */
export function finite(forecasts: readonly DayForecast[]): readonly [DayForecast, ...DayForecast[]] {
  const [first, ...rest] = forecasts;
  if (first === undefined || !forecasts.every(({ lower, upper }) => Number.isFinite(lower) && Number.isFinite(upper))) {
    throw new ShepherdError('INVALID_PRICE', 'The values move too wildly for a forecast; check their units.');
  }
  return [first, ...rest];
}
