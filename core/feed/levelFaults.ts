import type { PriceBar, Series } from '../series/price.ts';
import type { FeedFault } from './faults.ts';

/** Splits that happen, as new shares for one old; the reverse ones are their inverses. */
const SPLIT_RATIOS = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50];
/** Told from a crash by the opening price only: BTC fell by a third on 2020-03-12, PETR4 on 2020-03-09. */
const SMALL_SPLIT_RATIOS = [1.5];
/** Prices in cents, pence or thousands. */
const UNIT_RATIOS = [100, 1000];
/** A split or unit error leaves the rest of the day's move within this many daily deviations, and within these bounds. */
const TOLERANCE = { deviations: 4, least: 0.04, most: 0.12 };
/** Of the jump itself, in daily deviations, to be told from a market move: less where the opening price confirms it. */
const CLEAR_JUMP = { withOpen: 4, closeOnly: 6 };
/** Days that say how volatile the series is. */
const VOLATILITY_DAYS = 250;
/** For a series with no past: a stock's daily deviation. */
const USUAL_DEVIATION = 0.02;
/** Rounding in a feed's bars. */
const ROUNDING = 1e-3;

interface Jump {
  readonly kind: 'split-unadjusted' | 'unit-error' | 'invalid-price';
  /** New level over old. */
  readonly factor: number;
  readonly sentence: string;
}

/**
 * Days on which the level of the feed changes by a clean ratio: unadjusted splits and unit errors, from that day until the
 * level returns; and bars whose close lies outside their own range.
 * @param bars new bars after the known ones, ascending.
 */
export function findLevelFaults(known: Series, bars: readonly PriceBar[]): FeedFault[] {
  const faults: FeedFault[] = [];
  const deviation = usualDeviation(known, bars);
  let before = known.closes.at(-1);
  let open: { fault: FeedFault; factor: number } | undefined;
  for (const [index, bar] of bars.entries()) {
    const jump = before === undefined ? undefined : classify(before, bar, deviation);
    if (open !== undefined && jump !== undefined && isClose(jump.factor * open.factor, 1)) {
      faults.push({ ...open.fault, lastDay: bars[index - 1]!.day });
      open = undefined;
    } else if (jump !== undefined) {
      if (open !== undefined) faults.push({ ...open.fault, lastDay: bars[index - 1]!.day });
      const evidence = { closeBefore: before!, close: bar.close, factor: jump.factor, dailyDeviation: deviation };
      open = {
        fault: { kind: jump.kind, day: bar.day, lastDay: bar.day, evidence, sentence: jump.sentence },
        factor: jump.factor,
      };
      if (jump.kind === 'invalid-price') {
        faults.push(open.fault);
        open = undefined;
        continue; // a bar that contradicts itself is no level to compare the next one with
      }
    }
    before = bar.close;
  }
  if (open !== undefined) faults.push({ ...open.fault, lastDay: bars.at(-1)!.day });
  return faults;
}

function classify(before: number, bar: PriceBar, deviation: number): Jump | undefined {
  const contradictory = isOutsideItsRange(bar);
  const ratio = bar.close / before;
  // A crash opens where the market closed; a split opens at the new level. The close is all there is where the bar has no range.
  const hasOpening = !contradictory && bar.open !== null && bar.open > 0 && bar.high !== bar.low;
  const gap = Math.log(hasOpening ? bar.open / before : ratio);
  const clear = (hasOpening ? CLEAR_JUMP.withOpen : CLEAR_JUMP.closeOnly) * deviation;
  const tolerance = Math.min(TOLERANCE.most, Math.max(TOLERANCE.least, TOLERANCE.deviations * deviation));
  const fits = (factor: number): boolean =>
    Math.abs(gap - Math.log(factor)) <= tolerance && Math.abs(Math.log(factor)) > clear + (hasOpening ? 0 : tolerance);
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
  if (!contradictory) return undefined;
  const sentence = `The close of ${bar.day}, ${bar.close}, lies outside that day's own range of ${bar.low} to ${bar.high}.`;
  return { kind: 'invalid-price', factor: ratio, sentence };
}

function isOutsideItsRange({ close, low, high }: PriceBar): boolean {
  if (low === null || high === null) return false;
  return close < low * (1 - ROUNDING) || close > high * (1 + ROUNDING);
}

function isClose(ratio: number, expected: number): boolean {
  return Math.abs(Math.log(ratio / expected)) < TOLERANCE.most;
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
  const sizes = closes.slice(1).map((close, i) => Math.abs(Math.log(close / closes[i]!)));
  if (sizes.length < 10) return USUAL_DEVIATION;
  sizes.sort((a, b) => a - b);
  return Math.max(1.4826 * sizes[Math.floor(sizes.length / 2)]!, 0.002);
}
