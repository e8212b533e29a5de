import { createRandom, normal } from '../../../../core/random.ts';
import { addDays, parseDay, weekday, type TradingDay } from '../../../../core/series/day.ts';
import type { PriceBar } from '../../../../core/series/price.ts';

/** The exchange keeps weekdays, and is closed on the fourth of July: a holiday that only its own past can teach. */
const CLOSED = '-07-04';

export function closedOn(day: TradingDay): boolean {
  return day.endsWith(CLOSED);
}

/** Every weekday evening on which the shepherd's clock strikes, also when the exchange was closed. */
export function eveningsBetween(from: string, to: string): TradingDay[] {
  const days: TradingDay[] = [];
  for (let day = parseDay(from); day <= to; day = addDays(day, 1))
    if (weekday(day) !== 0 && weekday(day) !== 6) days.push(day);
  return days;
}

export interface MarketOptions {
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  /** Standard deviation of a day's log return. */
  readonly volatility: (day: TradingDay) => number;
  /** On this morning the market falls by half. */
  readonly fall?: TradingDay | undefined;
}

/** What truly happened: bars with seeded Gaussian returns. */
export function simulateMarket({ from, to, seed, volatility, fall }: MarketOptions): PriceBar[] {
  const random = createRandom(seed);
  let close = 100;
  return eveningsBetween(from, to)
    .filter((day) => !closedOn(day))
    .map((day) => {
      if (day === fall) close /= 2;
      const open = close * Math.exp(0.2 * volatility(day) * normal(random));
      close *= Math.exp(volatility(day) * normal(random));
      const high = Math.max(open, close) * (1 + 0.002 * random());
      const low = Math.min(open, close) * (1 - 0.002 * random());
      return { day, close, open, high, low, adjustedClose: null, volume: Math.floor(1e6 * (1 + random())) };
    });
}

/** The same bar in another unit of money. */
export function inUnit(bar: PriceBar, factor: number): PriceBar {
  const times = (value: number | null): number | null => (value === null ? null : factor * value);
  return { ...bar, close: factor * bar.close, open: times(bar.open), high: times(bar.high), low: times(bar.low) };
}
