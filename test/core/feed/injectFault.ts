import type { FaultKind } from '../../../core/feed/fault.ts';
import type { FaultQuestion } from '../../../core/feed/faults.ts';
import type { RandomSource } from '../../../core/random.ts';
import { parseDay } from '../../../core/series/day.ts';
import { toSeries, type PriceBar } from '../../../core/series/price.ts';

type Injection = (bars: readonly PriceBar[], t: number, random: RandomSource) => PriceBar[] | undefined;

/** How a feed goes wrong at bar `t`: the bars it sends from there on. `undefined` where the fault makes no difference at `t`. */
export const INJECTIONS = {
  'split-unadjusted': (bars, t, random) => {
    const ratio = choose([2, 2, 2, 3, 4, 7, 10, 1 / 10], random);
    return bars.slice(t).map((bar) => scale(bar, 1 / ratio));
  },
  'unit-error': (bars, t, random) => {
    const factor = choose([100, 0.01], random);
    const lasts = choose([1, 3, bars.length], random);
    return bars.slice(t).map((bar, k) => (k < lasts ? scale(bar, factor) : bar));
  },
  'repeated-tick': (bars, t) => {
    // A bar without a range could be a quiet day: there the feed stays stuck for a week.
    const lasts = bars[t - 1]!.high === bars[t - 1]!.low ? 6 : 1;
    return bars.slice(t).map((bar, k) => (k < lasts ? { ...bars[t - 1]!, day: bar.day } : bar));
  },
  'swapped-date': (bars, t) => {
    const [year, month, date] = bars[t]!.day.split('-');
    if (Number(date) > 12 || date === month) return undefined;
    return bars.slice(t).map((bar, k) => (k === 0 ? { ...bar, day: parseDay(`${year}-${date}-${month}`) } : bar));
  },
  'missing-days': (bars, t, random) => bars.slice(t + choose([1, 2, 5], random)),
} as const satisfies Partial<Record<FaultKind, Injection>>;

export type InjectedKind = keyof typeof INJECTIONS;

/** The question a pull would ask on the day of the fault, with one to twenty bars after it (a catch-up after an outage). */
export function inject(
  kind: InjectedKind,
  bars: readonly PriceBar[],
  t: number,
  random: RandomSource,
): FaultQuestion | undefined {
  const injection: Injection = INJECTIONS[kind];
  const sent = injection(bars, t, random);
  if (sent === undefined) return undefined;
  const atLeast = kind === 'repeated-tick' ? 6 : 1;
  const count = Math.max(atLeast, choose([1, 1, 2, 20], random));
  return {
    known: toSeries(bars.slice(Math.max(0, t - 1500), t)),
    lastBar: bars[t - 1]!,
    incoming: sent.slice(0, count),
  };
}

function scale(bar: PriceBar, factor: number): PriceBar {
  const times = (value: number | null): number | null => (value === null ? null : value * factor);
  return { ...bar, close: bar.close * factor, open: times(bar.open), high: times(bar.high), low: times(bar.low) };
}

function choose<T>(values: readonly T[], random: RandomSource): T {
  return values[Math.floor(random() * values.length)]!;
}
