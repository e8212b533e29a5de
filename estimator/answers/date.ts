import { ShepherdError } from '../../core/errors.ts';
import { ahead } from '../../core/forecast/ahead.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { dayAt, slicePrices } from '../../core/series/price.ts';
import type { Prediction } from '../schemas/answer.ts';
import { MAX_HORIZON, type ServedSymbol } from '../serving/servedSymbol.ts';
import { firstIndexFrom } from './dayIndex.ts';
import { forecastWindow } from './forecast.ts';
import { hindsight } from './hindsight.ts';
import { qualityFields } from './quality.ts';

/**
 * The forecast for one day from the data before it. A day without trading is answered with the first trading day after it.
 * Days beyond the stored ones are forecast as many days ahead as they lie.
 * @throws ShepherdError NO_SUCH_DAYS for a day too early or too far ahead.
 */
export function answerDate(served: ServedSymbol, day: TradingDay): Prediction {
  const { days, closes } = served.series;
  const { window } = served.model.predictor.spec;
  const target = firstIndexFrom(days, day);
  const known = Math.min(target, days.length);
  if (known < window) {
    throw new ShepherdError(
      'NO_SUCH_DAYS',
      `${served.symbol} has ${known} days before ${day}; a forecast needs ${window}, so ask for a later day.`,
    );
  }
  const stored = days[target];
  const asked = stored === undefined ? stepsAhead(served, day) : { day: stored, steps: 1 };
  const forecasts = forecastWindow(served, slicePrices(served.series, known - window, known), asked.steps);
  const forecast = ahead(forecasts, asked.steps);
  const { day: asOf } = dayAt(served.series, known - 1);
  return {
    prediction: forecast.prediction,
    lower: forecast.lower,
    upper: forecast.upper,
    naive: forecast.naive,
    ...qualityFields(served),
    asOf,
    day: asked.day,
    ...(asked.day !== day && { asked: day }),
    actual: closes[target] ?? null,
    ...hindsight(served.model, asOf),
  };
}

function stepsAhead({ symbol, series, upcoming }: ServedSymbol, day: TradingDay): { day: TradingDay; steps: number } {
  const index = firstIndexFrom(upcoming, day);
  const found = upcoming[index];
  if (found !== undefined) return { day: found, steps: index + 1 };
  throw new ShepherdError(
    'NO_SUCH_DAYS',
    `${day} is more than ${MAX_HORIZON} trading days after ${series.days.at(-1) ?? 'the data'}, the last known day of ${symbol}; the furthest that can be asked for is ${upcoming.at(-1) ?? 'none'}.`,
  );
}
