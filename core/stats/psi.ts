import { toSorted } from './ks.ts';

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
  return before.reduce((sum, share, bin) => sum + (now[bin]! - share) * Math.log(now[bin]! / share), 0);
}

function binShares(values: ArrayLike<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let i = 0; i < values.length; i += 1) {
    const bin = edges.findIndex((edge) => values[i]! < edge);
    counts[bin === -1 ? edges.length : bin]! += 1;
  }
  return counts.map((count) => Math.max(count, 0.5) / values.length);
}
