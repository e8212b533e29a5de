/* eslint-disable @typescript-eslint/no-non-null-assertion -- a level is below 0.5, and a remainder of the length is an index */
import { createRandom, type RandomSource } from '../../random.ts';
import { cusum } from '../../stats/cusum.ts';
import { momentsOf } from '../../stats/moments.ts';
import { levelForRunLength, recordHighsOf } from '../recordHighs.ts';
import type { AlarmRule } from '../setting.ts';

const HISTORIES = 400;
/** Two trading weeks: losses of forecasts a few days ahead overlap by about one. */
const BLOCK_DAYS = 10;
/** Days of each history: long enough for what comes once in a year. */
const HORIZON = 252;
/** Run lengths up to this are read off the histories, of which a hundred or more then alarm; longer ones rise with their logarithm. */
const LONGEST_KNOWN = 1008;

/**
 * The limit of the cumulative sum that losses in control pass once in the wished number of days, or within `liveDays` with the
 * wished probability. Each simulated history draws its own held-out sample to be standardised by, so that the limit allows for
 * the uncertainty of a mean of few days; circular blocks keep the dependence (Politis & Romano 1992). The log of a run length rises
 * evenly with the limit (Lundberg), and is drawn on beyond what the histories tell.
 */
export function calibrateLimit(
  heldOut: Float64Array,
  allowance: number,
  rule: AlarmRule,
  liveDays: number,
  seed: number,
): number {
  const random = createRandom(seed);
  const days = rule.kind === 'level' ? liveDays : HORIZON;
  const histories = Array.from({ length: HISTORIES }, () => {
    const { mean, deviation } = momentsOf(resample(heldOut, heldOut.length, random));
    const live = resample(heldOut, days, random);
    // A sample that happens to repeat one value says nothing; its own deviation stands in.
    const scale = deviation > 0 ? deviation : momentsOf(heldOut).deviation;
    return cusum(
      live.map((loss) => (loss - mean) / scale),
      allowance,
    );
  });
  if (rule.kind === 'level') return levelForShare(histories, rule.level);
  const records = histories.map(recordHighsOf);
  const known = levelForRunLength(records, Math.min(rule.everyDays, LONGEST_KNOWN));
  if (rule.everyDays <= LONGEST_KNOWN) return known;
  const perFold = (known - levelForRunLength(records, LONGEST_KNOWN / 4)) / Math.log(4);
  return known + perFold * Math.log(rule.everyDays / LONGEST_KNOWN);
}

/** The value that a share `level` of the histories reach. */
function levelForShare(histories: readonly Float64Array[], level: number): number {
  const peaks = histories.map((sums) => sums.reduce((high, sum) => Math.max(high, sum), 0)).sort((a, b) => b - a);
  return peaks[Math.floor(level * peaks.length)]!;
}

function resample(values: Float64Array, length: number, random: RandomSource): Float64Array {
  const result = new Float64Array(length);
  for (let at = 0; at < length; at += BLOCK_DAYS) {
    const start = Math.floor(random() * values.length);
    for (let k = at; k < Math.min(at + BLOCK_DAYS, length); k += 1)
      result[k] = values[(start + k - at) % values.length]!;
  }
  return result;
}
