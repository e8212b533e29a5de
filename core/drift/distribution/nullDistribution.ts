import { createRandom } from '../../random.ts';
import { ksStatistic, sortFinite } from '../../stats/ks.ts';
import { simulateHistory, type QuietModel } from './quietModel.ts';

/** Windows compared with each simulated reference; they follow it one after another. */
const WINDOWS_A_HISTORY = 20;
const HISTORIES = 50;

/**
 * KS distances between simulated references and windows in which nothing has changed, ascending: 1,000 of them.
 * The reference is simulated as well as the window, because a reference of dependent days is itself a noisy picture of normal.
 * @param stopAt ends early once so many distances at or above `observed` are found (Besag & Clifford 1991): the p-value is then
 * large and need not be precise.
 */
export function simulateNull(
  model: QuietModel,
  sizes: { reference: number; window: number },
  seed: number,
  early?: { observed: number; stopAt: number },
): Float64Array {
  const distances = new Float64Array(HISTORIES * WINDOWS_A_HISTORY);
  const random = createRandom(seed);
  let count = 0;
  let exceeding = 0;
  const enough = early?.stopAt ?? Infinity;
  for (let k = 0; k < HISTORIES; k += 1) {
    const history = simulateHistory(model, sizes.reference + WINDOWS_A_HISTORY * sizes.window, random);
    const reference = sortFinite(history.subarray(0, sizes.reference));
    for (let w = 0; w < WINDOWS_A_HISTORY && exceeding < enough; w += 1) {
      const start = sizes.reference + w * sizes.window;
      const distance = ksStatistic(reference, sortFinite(history.subarray(start, start + sizes.window)));
      distances[count] = distance;
      count += 1;
      if (early !== undefined && distance >= early.observed) exceeding += 1;
    }
    if (exceeding >= enough) break;
  }
  return distances.slice(0, count).sort();
}

/** Share of `distances` (ascending) at or above `observed`, the observed one counted among them (Davison & Hinkley 1997, section 4.2). */
export function tailShare(distances: ArrayLike<number>, observed: number): number {
  // Distances are multiples of 1/(mn): a hair of slack keeps equal ones equal.
  const limit = observed - 1e-9;
  let low = 0;
  let high = distances.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- below `high`, so an index
    if (distances[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return (distances.length - low + 1) / (distances.length + 1);
}
