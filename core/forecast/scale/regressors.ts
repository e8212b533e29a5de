/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index runs from a change MEMORY before `at`, or 0, up to `at` */
import type { DailyMeasures } from './measures.ts';

/** Changes a regressor looks back at most: those of a served window of sixty closes. */
export const MEMORY = 59;

const weights = (decay: number): Float64Array => Float64Array.from({ length: MEMORY }, (_, lag) => decay ** lag);
const [FAST, SHORT, MEDIUM, LONG, EWMA] = [weights(0.6), weights(0.8), weights(0.85), weights(0.96), weights(0.94)];
const [SLOW, SLOWEST, DRIFT] = [weights(0.97), weights(0.98), weights(0.95)];

/** A halted series has no volatility; below this part of the training deviation it is taken as this. */
const LEAST_VOLATILITY = 0.02;
/** A volatility of another decay counts as at least this part of the EWMA's. */
const LEAST_RATIO = 0.1;
const [MOST_CHANGE, MOST_DRIFT, MOST_LEVEL, MOST_VOLUME] = [4, 2, 0.8, 2];
/** Days of the average that a volume is set beside, the least of them, and days of the average of such ratios. */
const [VOLUME_DAYS, LEAST_VOLUMES, VOLUME_MEMORY] = [40, 5, 19];

/** Read from closes alone, and from the whole bar: the first have the same places in both. */
export const CLOSE_REGRESSORS = [
  'intercept',
  'log ratio .6',
  'log ratio .8',
  'log ratio .98',
  'log absolute ratio .97',
  'fall',
  'change',
  'drift .8',
  'drift .95',
  'level',
] as const;
export const BAR_REGRESSORS = [
  ...CLOSE_REGRESSORS,
  'log range 0',
  'log range .6',
  'log range .85',
  'log range .96',
  'volume',
  'volume .6',
] as const;

/** EWMA(.94) volatility after change `at`, from the last `MEMORY` changes, weights normalised to 1. */
export function ewmaAt({ changes }: Pick<DailyMeasures, 'changes'>, at: number, deviation: number): number {
  return Math.max(LEAST_VOLATILITY * deviation, Math.sqrt(weighted(changes, at, EWMA, square)));
}

/**
 * What the volatility of the days after change `at` is regressed on, each from the last `MEMORY` changes alone and free of scale:
 * log ratios of volatilities of other decays, of absolute changes (of heavy tails these say more: Taylor 1986) and of ranges to
 * the EWMA volatility, what a fall adds (leverage), where the level has drifted, how far the volatility lies from the training
 * days' (to which it returns), and volume beside its average.
 *
 * @param deviation root mean square of the training days' changes.
 * @param out row to fill: as long as `CLOSE_REGRESSORS` or `BAR_REGRESSORS`.
 * @returns the EWMA volatility that the row is to be applied to.
 */
export function readRegressors(measures: DailyMeasures, at: number, deviation: number, out: Float64Array): number {
  const { changes, ranges } = measures;
  const volatility = ewmaAt(measures, at, deviation);
  const ofSquares = (values: Float64Array, decay: Float64Array, read: (value: number) => number): number =>
    Math.log(Math.max(LEAST_RATIO, Math.sqrt(weighted(values, at, decay, read)) / volatility));
  const change = clip(changes[at]! / volatility, MOST_CHANGE);
  out[0] = 1;
  out[1] = ofSquares(changes, FAST, square);
  out[2] = ofSquares(changes, SHORT, square);
  out[3] = ofSquares(changes, SLOWEST, square);
  out[4] = Math.log(Math.max(LEAST_RATIO, weighted(changes, at, SLOW, Math.abs) / volatility));
  out[5] = Math.max(0, -change) - 0.4;
  out[6] = change;
  out[7] = clip(weighted(changes, at, SHORT, same) / volatility, MOST_DRIFT);
  out[8] = clip(weighted(changes, at, DRIFT, same) / volatility, MOST_DRIFT);
  out[9] = clip(Math.log(volatility / deviation), MOST_LEVEL);
  if (out.length === CLOSE_REGRESSORS.length) return volatility;
  out[10] = Math.log(Math.max(LEAST_RATIO, Math.sqrt(ranges[at]!) / volatility));
  out[11] = ofSquares(ranges, FAST, same);
  out[12] = ofSquares(ranges, MEDIUM, same);
  out[13] = ofSquares(ranges, LONG, same);
  out[14] = volumeRatio(measures, at);
  let [sum, total, weight] = [0, 0, 1];
  for (let lag = 0; lag < VOLUME_MEMORY && lag <= at; lag += 1) {
    sum += weight * volumeRatio(measures, at - lag);
    total += weight;
    weight *= 0.6;
  }
  out[15] = sum / total;
  return volatility;
}

const square = (value: number): number => value * value;
const same = (value: number): number => value;
const clip = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

function weighted(values: Float64Array, at: number, decay: Float64Array, read: (value: number) => number): number {
  let [sum, total] = [0, 0];
  for (let lag = Math.min(MEMORY - 1, at); lag >= 0; lag -= 1) {
    sum += decay[lag]! * read(values[at - lag]!);
    total += decay[lag]!;
  }
  return sum / total;
}

/** Logarithm of a volume less the mean of those of the days up to it; 0, as usual, where it is not known. */
function volumeRatio({ logVolumes }: DailyMeasures, at: number): number {
  const own = logVolumes[at]!;
  if (Number.isNaN(own)) return 0;
  let [sum, count] = [0, 0];
  for (let k = Math.max(0, at - VOLUME_DAYS + 1); k <= at; k += 1) {
    if (Number.isNaN(logVolumes[k]!)) continue;
    sum += logVolumes[k]!;
    count += 1;
  }
  return count < LEAST_VOLUMES ? 0 : clip(own - sum / count, MOST_VOLUME);
}
