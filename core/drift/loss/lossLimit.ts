/* eslint-disable @typescript-eslint/no-non-null-assertion -- a level is below 0.5, and a remainder of the length is an index */
import { createRandom, type RandomSource } from '../../random.ts';
import { cusum } from '../../stats/cusum.ts';
import { momentsOf } from '../../stats/moments.ts';
import { levelForRunLength, recordHighsOf, type RecordHighs } from '../recordHighs.ts';
import type { AlarmRule } from '../setting.ts';

const HISTORIES = 400;
/** Two trading weeks: losses of forecasts a few days ahead overlap by about one. */
const BLOCK_DAYS = 10;
/** Simulated days, in multiples of the wished run length. */
const HORIZON = 4;

/**
 * The limit of the cumulative sum that losses in control pass once in the wished number of days, or within `liveDays` with the
 * wished probability. Each simulated history draws its own held-out sample to be standardised by, so that the limit allows for
 * the uncertainty of a mean of few days; circular blocks keep the dependence (Politis & Romano 1992).
 */
export function calibrateLimit(
  heldOut: Float64Array,
  allowance: number,
  rule: AlarmRule,
  liveDays: number,
  seed: number,
): number {
  const random = createRandom(seed);
  const days = rule.kind === 'level' ? liveDays : HORIZON * rule.everyDays;
  const records = Array.from({ length: HISTORIES }, () => {
    const { mean, deviation } = momentsOf(resample(heldOut, heldOut.length, random));
    const live = resample(heldOut, days, random);
    // A sample that happens to repeat one value says nothing; its own deviation stands in.
    const scale = deviation > 0 ? deviation : momentsOf(heldOut).deviation;
    return recordHighsOf(
      cusum(
        live.map((loss) => (loss - mean) / scale),
        allowance,
      ),
    );
  });
  return rule.kind === 'level' ? levelForShare(records, rule.level) : levelForRunLength(records, rule.everyDays);
}

/** The value that a share `level` of the histories reach. */
function levelForShare(records: readonly RecordHighs[], level: number): number {
  const peaks = records.map((record) => record.values.at(-1) ?? 0).sort((a, b) => b - a);
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
