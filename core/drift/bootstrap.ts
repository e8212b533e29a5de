import { createRandom } from '../random.ts';
import type { Changes } from '../series/transform.ts';
import { ksStatistic, toSorted } from '../stats/ks.ts';
import { tailShare } from './nullDistribution.ts';

const RESAMPLES = 400;

/**
 * Second opinion without a model: circular block bootstrap (Politis & Romano 1992) of the reference, blocks as long as the window,
 * so that a window is one real stretch and keeps its own clusters.
 * @returns share of resampled comparisons whose KS distance is at least `observed`.
 */
export function blockBootstrapP(reference: Changes, windowDays: number, observed: number, seed: number): number {
  const random = createRandom(seed);
  const distances = Float64Array.from({ length: RESAMPLES }, () =>
    ksStatistic(
      toSorted(resample(reference, reference.length, windowDays, random)),
      toSorted(resample(reference, windowDays, windowDays, random)),
    ),
  );
  return tailShare(distances.sort(), observed);
}

function resample(values: Float64Array, length: number, block: number, random: () => number): Float64Array {
  const result = new Float64Array(length);
  for (let at = 0; at < length; at += block) {
    const start = Math.floor(random() * values.length);
    for (let k = at; k < Math.min(at + block, length); k += 1) result[k] = values[(start + k - at) % values.length]!;
  }
  return result;
}
