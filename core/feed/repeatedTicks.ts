import type { TradingCalendar } from '../series/calendar.ts';
import type { TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';
import type { FaultOf } from './fault.ts';

/** A run of unchanged closes this unlikely is a stuck feed: less than once in a thousand years of trading days. */
const UNLIKELY = 1e-6;
/** Days that say how often a close repeats by itself (coarse ticks, quiet markets). */
const MEMORY_DAYS = 1000;
/** For a series with little past: a close repeats one day in twenty in the quietest of markets. */
const CAUTIOUS_SHARE = 0.05;
const LITTLE_PAST = 100;

/**
 * The same quote sent again for a new day: a bar equal to the one before in open, high, low and close, or a run of unchanged closes
 * longer than the series' own past makes credible. Days on which the exchange is closed do not count towards a run.
 * @param bars new bars after the known ones, ascending.
 */
export function findRepeatedTicks(
  known: Series,
  lastBar: PriceBar | undefined,
  bars: readonly PriceBar[],
  calendar: TradingCalendar,
): FaultOf<'repeated-tick'>[] {
  const faults: FaultOf<'repeated-tick'>[] = [];
  const share = unchangedShare(known, bars);
  let before = lastBar;
  let close = known.closes.at(-1);
  let run = trailingRun(known.closes);
  let runFirst: TradingDay | undefined;
  for (const [index, bar] of bars.entries()) {
    const unchanged = bar.close === close;
    if (!unchanged) {
      run = 0;
      runFirst = undefined;
    } else {
      runFirst ??= bar.day;
      if (calendar.isTradingDay(bar.day)) run += 1;
    }
    const copied = before !== undefined && isCopy(bar, before);
    if (copied || (unchanged && share ** run <= UNLIKELY)) {
      const first = copied ? bar.day : (runFirst ?? bar.day);
      const evidence = { close: bar.close, run, usualShare: share };
      const sentence = copied
        ? `The bar of ${bar.day} repeats the one before in open, high, low and close (${bar.close}).`
        : `The close of ${bar.close} was sent for ${run + 1} days running up to ${bar.day}.`;
      const [last, previous] = [faults.at(-1), bars[index - 1]];
      if (last !== undefined && previous !== undefined && last.lastDay >= previous.day) {
        faults[faults.length - 1] = { ...last, lastDay: bar.day, evidence, sentence };
      } else faults.push({ kind: 'repeated-tick', day: first, lastDay: bar.day, evidence, sentence });
    }
    before = bar;
    close = bar.close;
  }
  return faults;
}

function isCopy(bar: PriceBar, before: PriceBar): boolean {
  const full = bar.open !== null && bar.high !== null && bar.low !== null && bar.high > bar.low;
  return (
    full && bar.open === before.open && bar.high === before.high && bar.low === before.low && bar.close === before.close
  );
}

function trailingRun(closes: Float64Array): number {
  let run = 0;
  while (run + 1 < closes.length && closes.at(-1 - run) === closes.at(-2 - run)) run += 1;
  return run;
}

function unchangedShare(known: Series, bars: readonly PriceBar[]): number {
  const closes =
    known.closes.length > LITTLE_PAST ? [...known.closes.slice(-MEMORY_DAYS)] : bars.map((bar) => bar.close);
  if (closes.length <= LITTLE_PAST) return CAUTIOUS_SHARE;
  const unchanged = closes.filter((close, i) => i > 0 && close === closes[i - 1]).length;
  return (unchanged + 1) / closes.length;
}
