import { ShepherdError } from '../errors.ts';
import { paired } from '../paired.ts';
import type { TradingDay } from './day.ts';

/** One day of a feed. `close` is adjusted for splits, not for dividends; the other fields are `null` where the feed has none. */
export interface PriceBar {
  readonly day: TradingDay;
  readonly close: number;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly adjustedClose: number | null;
  readonly volume: number | null;
}

/** Days ascending and unique, closes of the same length, all finite. Made by `toSeries`. */
export interface Series {
  readonly days: readonly TradingDay[];
  readonly closes: Float64Array;
}

/** Cuts the days and closes out of bars that are already sorted and unique (as the database gives them). */
export function toSeries(bars: readonly Pick<PriceBar, 'day' | 'close'>[]): Series {
  return { days: bars.map((bar) => bar.day), closes: Float64Array.from(bars, (bar) => bar.close) };
}

export function closesByDay({ days, closes }: Series): Map<TradingDay, number> {
  return new Map(paired(days, closes));
}

/** The last `count` of `values`, or all of them where there are fewer; a copy. */
export function lastValues(values: ArrayLike<number>, count: number): Float64Array {
  const start = Math.max(0, values.length - count);
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- start + k is below the length
  return Float64Array.from({ length: values.length - start }, (_, k) => values[start + k]!);
}

/** The part of a series up to and including index `end - 1`, as views where possible. */
export function sliceSeries(series: Series, start: number, end: number): Series {
  return { days: series.days.slice(start, end), closes: series.closes.subarray(start, end) };
}

/** @throws RangeError for an index outside of the series: that is a bug, not bad input. */
export function dayAt({ days, closes }: Series, index: number): { readonly day: TradingDay; readonly close: number } {
  const [day, close] = [days[index], closes[index]];
  if (day === undefined || close === undefined)
    throw new RangeError(`a series of ${days.length} days has no day ${index}`);
  return { day, close };
}

/** @throws ShepherdError TOO_FEW_VALUES when the series has no days. */
export function lastDayOf({ days }: Pick<Series, 'days'>): TradingDay {
  const last = days.at(-1);
  if (last === undefined) throw new ShepherdError('TOO_FEW_VALUES', 'The series has no days yet.');
  return last;
}
