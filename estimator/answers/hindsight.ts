import type { TradingDay } from '../../core/series/day.ts';
import type { ActiveModel } from '../serving/servedSymbol.ts';

/**
 * A field for a forecast of days that the model was trained on: those after `asOf`, up to the day forecast, begin before its last
 * training day has passed. Such a forecast has seen what it tells and says nothing of how well the model forecasts. Nothing otherwise.
 */
export function hindsight({ trainedTo }: ActiveModel, asOf: TradingDay): { hindsight?: true } {
  return asOf < trainedTo ? { hindsight: true } : {};
}
