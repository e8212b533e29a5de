import { countBelow } from '../../stats/countBelow.ts';
import { createRandom } from '../../random.ts';
import { ksStatistic, sortFinite } from '../../stats/ks.ts';
import { simulateHistory, type QuietModel } from './quietModel.ts';

/** Windows compared with each simulated reference; they follow it one after another. */
const WINDOWS_A_HISTORY = 20;
const HISTORIES = 50;

/**
 * KS distances between simulated references and windows in which nothing has changed, ascending: 1,000 of them.
 * The reference is simulated as well as the window, because a reference of dependent days is itself a noisy picture of normal.
 */
export function simulateNull(
  model: QuietModel,
  sizes: { reference: number; window: number },
  seed: number,
): Float64Array {
  const distances = new Float64Array(HISTORIES * WINDOWS_A_HISTORY);
  const random = createRandom(seed);
  let count = 0;
  for (let k = 0; k < HISTORIES; k += 1) {
    const history = simulateHistory(model, sizes.reference + WINDOWS_A_HISTORY * sizes.window, random);
    const reference = sortFinite(history.subarray(0, sizes.reference));
    for (let w = 0; w < WINDOWS_A_HISTORY; w += 1) {
      const start = sizes.reference + w * sizes.window;
      distances[count] = ksStatistic(reference, sortFinite(history.subarray(start, start + sizes.window)));
      count += 1;
    }
  }
  return distances.sort();
}

/** Distances that the tail is drawn from, and how many must lie beyond for the share itself to be used. */
const TAIL = 50;
const ENOUGH_BEYOND = 10;

/**
 * P of a distance at least as large without drift. Where fewer than ten of the simulated ones are, the tail beyond them is drawn on
 * as exponential in the squared distance, as Kolmogorov's law has it, its scale that of the fifty largest: a p-value has no floor.
 * @param distances without drift, ascending.
 */
export function tailProbability(distances: ArrayLike<number>, observed: number): number {
  const at = distances.length - ENOUGH_BEYOND;
  const begin = distances[at];
  const from = distances[distances.length - TAIL];
  if (begin === undefined || from === undefined || observed <= begin) return tailShare(distances, observed);
  let scale = 0;
  for (let k = distances.length - TAIL; k < distances.length; k += 1)
    scale += ((distances[k] ?? 0) ** 2 - from ** 2) / TAIL;
  return tailShare(distances, begin) * Math.exp(-(observed ** 2 - begin ** 2) / Math.max(scale, 1e-12));
}

/** Share of `distances` (ascending) at or above `observed`, the observed one counted among them (Davison & Hinkley 1997, section 4.2). */
export function tailShare(distances: ArrayLike<number>, observed: number): number {
  // Distances are multiples of 1/(mn): a hair of slack keeps equal ones equal.
  const smaller = countBelow(distances, observed - 1e-9);
  return (distances.length - smaller + 1) / (distances.length + 1);
}
