/* eslint-disable @typescript-eslint/no-non-null-assertion -- bin edges are indexes of a sample that is not empty */
import { paired } from '../core/paired.ts';
import { toSorted } from '../core/stats/ks.ts';

/** Above this a population stability index is usually read as "shifted" (Siddiqi 2006, chapter 6). */
export const PSI_SHIFTED = 0.2;

/**
 * Population stability index over `bins` bins cut at the reference's quantiles: sum of (c - r) ln(c / r) over the bins' shares.
 * An empty bin counts as half a value. A peer to compare with: its usual limit ignores the sample size.
 */
export function populationStabilityIndex(reference: ArrayLike<number>, current: ArrayLike<number>, bins = 10): number {
  const ordered = toSorted(reference);
  const edges = Array.from({ length: bins - 1 }, (_, k) => ordered[Math.floor(((k + 1) * ordered.length) / bins)]!);
  const before = binShares(reference, edges);
  const now = binShares(current, edges);
  return paired(before, now).reduce((sum, [was, is]) => sum + (is - was) * Math.log(is / was), 0);
}

function binShares(values: ArrayLike<number>, edges: readonly number[]): number[] {
  const bins = Array.from(values, (value) => {
    const bin = edges.findIndex((edge) => value < edge);
    return bin === -1 ? edges.length : bin;
  });
  return Array.from({ length: edges.length + 1 }, (_, bin) => {
    const count = bins.filter((each) => each === bin).length;
    return Math.max(count, 0.5) / values.length;
  });
}
