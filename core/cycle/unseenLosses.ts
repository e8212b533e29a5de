import type { TradingDay } from '../series/day.ts';
import { sliceSeries, type Series } from '../series/price.ts';
import { scoreUnseen, type AccountableModel } from './heldOut.ts';
import { toLossDay, type LossDay } from './losses.ts';

export interface UnseenDays {
  readonly model: AccountableModel;
  /** Up to today. */
  readonly series: Series;
  /** Last day of data when the model was promoted. */
  readonly promotedOn: TradingDay;
  /** How the forecasts that it issued in service met their days, ascending. */
  readonly stored: readonly LossDay[];
}

/**
 * The losses one day ahead on all the days that a champion has not seen: as stored, where it forecast them in service, and
 * forecast now on the days up to its promotion, which it was held to before anyone stored what it said.
 */
export function unseenLosses({ model, series, promotedOn, stored }: UnseenDays): LossDay[] {
  const known = new Set(stored.map(({ day }) => day));
  const served = series.days.findLastIndex((day) => day <= promotedOn) + 1;
  const before = scoreUnseen(model, sliceSeries(series, 0, served)).filter(({ day }) => !known.has(day));
  const live = stored.filter(({ day }) => day > model.knownTo);
  return [...before, ...live].map(toLossDay).sort((a, b) => (a.day < b.day ? -1 : 1));
}
