import { successive } from '../paired.ts';
import type { PriceBar, Series } from '../series/price.ts';
import { upperMedian } from '../stats/median.ts';
import type { FaultOf, SettledFault } from './fault.ts';

/** Splits that happen, as new shares for one old; the reverse ones are their inverses. */
const SPLIT_RATIOS = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50];
/** Told from a crash by the opening price only: BTC fell by a third on 2020-03-12, PETR4 on 2020-03-09. */
const SMALL_SPLIT_RATIOS = [1.5];
/** Prices in cents, pence or thousands. */
const UNIT_RATIOS = [100, 1000];
/**
 * What the day itself may have moved beside the ratio: so many daily deviations, within these bounds. More where no market moves so far by
 * itself (a half or more, let alone to a hundredth), so that a fault on a day of news is still seen; less for a third.
 */
const TOLERANCE = {
  small: { deviations: 4, least: 0.04, most: 0.12 },
  split: { deviations: 8, least: 0.06, most: 0.12 },
  unit: { deviations: 12, least: 0.1, most: 0.35 },
};
/** A jump back undoes the one before when the two make 1 within this, on the log scale. */
const SAME_LEVEL = 0.12;
/** Of the jump itself, in daily deviations, to be told from a market move: less where the opening price confirms it. */
const CLEAR_JUMP = { withOpen: 4, closeOnly: 6 };
/** Days that say how volatile the series is. */
const VOLATILITY_DAYS = 250;
/** For a series with no past: a stock's daily deviation. */
const USUAL_DEVIATION = 0.02;
/** Rounding in a feed's bars. */
const ROUNDING = 1e-3;

type LevelFault = FaultOf<'split-unadjusted'> | FaultOf<'unit-error'>;

/** What the move to a bar looks like. */
type Jump =
  | {
      readonly kind: LevelFault['kind'];
      /** New level over old. */
      readonly factor: number;
      readonly sentence: string;
    }
  | { readonly kind: 'contradiction'; readonly low: number; readonly high: number; readonly sentence: string };

/**
 * Days on which the level of the feed changes by a clean ratio: unadjusted splits and unit errors, from that day until the
 * level returns; and bars whose close lies outside their own range.
 * @param bars new bars after the known ones, ascending.
 * @param isSettled whether such a finding on such a day is known to be no fault.
 */
export function findLevelFaults(
  known: Series,
  bars: readonly PriceBar[],
  isSettled: (finding: SettledFault) => boolean,
): (LevelFault | FaultOf<'invalid-price'>)[] {
  const faults: (LevelFault | FaultOf<'invalid-price'>)[] = [];
  const deviation = usualDeviation(known, bars);
  let before = known.closes.at(-1);
  // Levels that have not returned, the latest jump last: a unit error may come and go within an unadjusted split.
  let open: LevelFault[] = [];
  for (const bar of bars) {
    const { day, close } = bar;
    const seen = before === undefined ? undefined : classify(before, bar, deviation);
    const jump = seen !== undefined && isSettled({ kind: kindOf(seen), day }) ? undefined : seen;
    const inner = open.at(-1);
    if (jump !== undefined && jump.kind !== 'contradiction' && inner !== undefined) {
      if (isClose(jump.factor * inner.evidence.factor, 1)) {
        faults.push(inner);
        open = open.slice(0, -1).map((fault) => ({ ...fault, lastDay: day }));
        before = close;
        continue;
      }
    }
    open = open.map((fault) => ({ ...fault, lastDay: day }));
    if (jump?.kind === 'contradiction') {
      const { low, high, sentence } = jump;
      faults.push({ kind: 'invalid-price', day, lastDay: day, evidence: { close, low, high }, sentence });
      continue; // a bar that contradicts itself is no level to compare the next one with
    }
    if (jump !== undefined && before !== undefined) {
      const evidence = { closeBefore: before, close, factor: jump.factor, dailyDeviation: deviation };
      open.push({ kind: jump.kind, day, lastDay: day, evidence, sentence: jump.sentence });
    }
    before = close;
  }
  return [...faults, ...open];
}

function kindOf({ kind }: Jump): (LevelFault | FaultOf<'invalid-price'>)['kind'] {
  return kind === 'contradiction' ? 'invalid-price' : kind;
}

function classify(before: number, bar: PriceBar, deviation: number): Jump | undefined {
  const contradictory = rangeMissed(bar);
  const ratio = bar.close / before;
  // A crash opens where the market closed; a split opens at the new level. The close is all there is where the bar has no range.
  const hasOpening = contradictory === undefined && bar.open !== null && bar.open > 0 && bar.high !== bar.low;
  const gap = Math.log(hasOpening ? bar.open / before : ratio);
  const clear = (hasOpening ? CLEAR_JUMP.withOpen : CLEAR_JUMP.closeOnly) * deviation;
  const fits = (factor: number): boolean => {
    const { deviations, least, most } = toleranceOf(factor);
    const tolerance = Math.min(most, Math.max(least, deviations * deviation));
    const size = Math.abs(Math.log(factor));
    return Math.abs(gap - Math.log(factor)) <= tolerance && size > clear + (hasOpening ? 0 : tolerance);
  };
  for (const unit of UNIT_RATIOS.flatMap((each) => [each, 1 / each])) {
    if (fits(unit)) {
      const sentence = `The close of ${bar.day} is ${bar.close} after ${before}: a factor of about ${formatFactor(unit)}, a unit error.`;
      return { kind: 'unit-error', factor: unit, sentence };
    }
  }
  const split = [...SPLIT_RATIOS, ...(hasOpening ? SMALL_SPLIT_RATIOS : [])]
    .flatMap((each) => [1 / each, each])
    .filter(fits)
    .sort((a, b) => Math.abs(gap - Math.log(a)) - Math.abs(gap - Math.log(b)))[0];
  if (split !== undefined) {
    const sentence = `The close of ${bar.day} is ${bar.close} after ${before}: a factor of about ${formatFactor(split)}, a split not worked into earlier prices.`;
    return { kind: 'split-unadjusted', factor: split, sentence };
  }
  if (contradictory === undefined) return undefined;
  const { low, high } = contradictory;
  const sentence = `The close of ${bar.day}, ${bar.close}, lies outside that day's own range of ${low} to ${high}.`;
  return { kind: 'contradiction', low, high, sentence };
}

function toleranceOf(factor: number): (typeof TOLERANCE)[keyof typeof TOLERANCE] {
  const size = Math.max(factor, 1 / factor);
  return size < 2 ? TOLERANCE.small : size < 100 ? TOLERANCE.split : TOLERANCE.unit;
}

/** The bar's range where its own close lies outside of it. */
function rangeMissed({ close, low, high }: PriceBar): { low: number; high: number } | undefined {
  if (low === null || high === null) return undefined;
  return close < low * (1 - ROUNDING) || close > high * (1 + ROUNDING) ? { low, high } : undefined;
}

function isClose(ratio: number, expected: number): boolean {
  return Math.abs(Math.log(ratio / expected)) < SAME_LEVEL;
}

function formatFactor(factor: number): string {
  return factor >= 1 ? `${factor}` : `1/${Math.round((1 / factor) * 100) / 100}`;
}

/** Daily deviation by the median absolute log return (Hampel 1974), which the faults themselves cannot move. */
function usualDeviation(known: Series, bars: readonly PriceBar[]): number {
  const closes = [
    ...known.closes.slice(-VOLATILITY_DAYS),
    ...(known.closes.length < 30 ? bars.map((bar) => bar.close) : []),
  ];
  const sizes = successive(closes).map(([before, close]) => Math.abs(Math.log(close / before)));
  if (sizes.length < 10) return USUAL_DEVIATION;
  return Math.max(1.4826 * upperMedian(sizes), 0.002);
}
