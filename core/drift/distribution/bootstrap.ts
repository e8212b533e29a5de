/* eslint-disable @typescript-eslint/no-non-null-assertion -- ranks and counts have an element for each value of the reference; keys, ranks and `from` are indexes of them */
import { createRandom, type RandomSource } from '../../random.ts';
import type { Changes } from '../../series/transform.ts';
import { tailShare } from './nullDistribution.ts';

const RESAMPLES = 400;

/**
 * Second opinion without a model: circular block bootstrap (Politis & Romano 1992) of the reference, blocks as long as the window,
 * so that a window is one real stretch and keeps its own clusters.
 * @returns share of resampled comparisons whose KS distance is at least `observed`.
 */
export function blockBootstrapP(reference: Changes, windowDays: number, observed: number, seed: number): number {
  const random = createRandom(seed);
  const ranks = ranksOf(reference);
  const distances = Float64Array.from({ length: RESAMPLES }, () =>
    countedDistance(
      resample(ranks, ranks.length, windowDays, random),
      resample(ranks, windowDays, windowDays, random),
      ranks.length,
      windowDays,
    ),
  );
  return tailShare(distances.sort(), observed);
}

/** For each value, how many values of the sample are smaller: equal values share a rank. */
function ranksOf(values: Changes): Int32Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Int32Array(values.length);
  let rank = 0;
  let before: number | undefined;
  for (const [position, index] of order.entries()) {
    if (values[index] !== before) rank = position;
    ranks[index] = rank;
    before = values[index];
  }
  return ranks;
}

/** How often each rank is drawn when `length` values are drawn in circular blocks. Every draw is a known rank, so nothing is sorted. */
function resample(ranks: Int32Array, length: number, block: number, random: RandomSource): Int32Array {
  const counts = new Int32Array(ranks.length);
  for (let at = 0; at < length; at += block) {
    let from = Math.floor(random() * ranks.length);
    for (let k = Math.min(block, length - at); k > 0; k -= 1) {
      counts[ranks[from]!]! += 1;
      from = from + 1 === ranks.length ? 0 : from + 1;
    }
  }
  return counts;
}

/** KS distance of two samples of sizes m and n given as counts by rank. */
function countedDistance(first: Int32Array, second: Int32Array, m: number, n: number): number {
  let balance = 0;
  let largest = 0;
  for (let rank = 0; rank < first.length; rank += 1) {
    balance += first[rank]! * n - second[rank]! * m;
    if (balance > largest) largest = balance;
    if (-balance > largest) largest = -balance;
  }
  return largest / (m * n);
}
