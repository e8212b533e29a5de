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

/** What a feed tells of a day beside its close, a number a close; NaN where it tells nothing. As told: judged where it is read. */
export interface Bars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly volume: Float64Array;
}

/** What a forecast is made from: closes, oldest first, and the bars of the same days where they are known. */
export interface Prices {
  readonly closes: Float64Array;
  readonly bars?: Bars;
}

/** Days ascending and unique, closes of the same length, all finite. Made by `toSeries`. */
export interface Series extends Prices {
  readonly days: readonly TradingDay[];
}

type GivenBar = Pick<PriceBar, 'day' | 'close'> & Partial<PriceBar>;

/** Series out of bars that are already sorted and unique (as the database gives them); with `bars` where any of them has a range. */
export function toSeries(bars: readonly GivenBar[]): Series {
  const series = { days: bars.map((bar) => bar.day), closes: Float64Array.from(bars, (bar) => bar.close) };
  if (!bars.some(({ high, low }) => typeof high === 'number' && typeof low === 'number')) return series;
  const column = (value: (bar: GivenBar) => number | null | undefined): Float64Array =>
    Float64Array.from(bars, (bar) => value(bar) ?? Number.NaN);
  return {
    ...series,
    bars: {
      open: column(({ open }) => open),
      high: column(({ high }) => high),
      low: column(({ low }) => low),
      volume: column(({ volume }) => volume),
    },
  };
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
  return { days: series.days.slice(start, end), ...slicePrices(series, start, end) };
}

/** The same of prices without days. */
export function slicePrices({ closes, bars }: Prices, start: number, end?: number): Prices {
  const cut = (values: Float64Array): Float64Array => values.subarray(start, end);
  if (bars === undefined) return { closes: cut(closes) };
  const { open, high, low, volume } = bars;
  return { closes: cut(closes), bars: { open: cut(open), high: cut(high), low: cut(low), volume: cut(volume) } };
}

/** The last `count` prices, or all where there are fewer. */
export function lastPrices(prices: Prices, count: number): Prices {
  return slicePrices(prices, Math.max(0, prices.closes.length - count));
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
