import type { TradingDay } from '../../core/series/day.ts';

/** Index of the first of ascending `days` that is not before `day`; their number when all are. Binary search. */
export function firstIndexFrom(days: readonly TradingDay[], day: TradingDay): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- low <= middle < high <= length
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
