/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes run below the lengths of what they index */
import { createRandom } from '../../random.ts';
import { asChanges } from '../../series/transform.ts';
import { refitGarch } from '../../stats/garch.ts';
import { sortFinite } from '../../stats/ks.ts';
import { QUIET_SPEC, simulateHistory, type QuietModel } from '../distribution/quietModel.ts';
import { slidingDistances } from '../distribution/slidingDistance.ts';
import { spellHighs, stretchHighs } from '../spellHighs.ts';
import { fitTail, levelAt, type TailCurve } from '../tailCurve.ts';
import { DATA_SHARES, WATCHES, type Watch } from '../budget.ts';
import { standardiserOf, tailOf } from './standardise.ts';
import { watchDays } from './watchDays.ts';

/** How a reference is watched. */
export interface WatchSizes {
  readonly referenceDays: number;
  readonly windowDays: number;
  /** Days in a filling window from which KS is looked at. */
  readonly minimumDays: number;
}

/** What the whole watch of a reference needs to hold itself to any number of needless alarms. Plain JSON. */
export interface WatchCurves {
  /** Of each cumulative sum in nats, of KS as the square of D sqrt(mn / (m + n)). */
  readonly tails: Readonly<Record<Watch, TailCurve>>;
  /** Alarms of all together, as a share of the sum of each one's own: several see the same unusual days. */
  readonly together: number;
}

/** Simulated references, each fitted again, and the days watched after each. */
const HISTORIES = 120;
const HORIZON = 400;
/** Highs a day at which the tail begins: of sums, and of KS, whose windows overlap for a quarter. */
const TAIL_RATE = 1 / 80;
const KS_TAIL_RATE = 1 / 240;
/** Alarms a day at which it is counted how many are needed together. */
const TOGETHER_RATE = 1 / 126;

/**
 * Watches what more of the same would look like, and tells how rare each level of each watched statistic is. Each simulated
 * reference is fitted anew (parametric bootstrap by filtered historical simulation), because the error of a fit on some hundred
 * days is what most long spells of high sums come from.
 */
export function calibrateWatch(model: QuietModel, sizes: WatchSizes, seed: number): WatchCurves {
  const dof = tailOf(model.innovations);
  const watched = Array.from({ length: HISTORIES }, (_, k) => watchHistory(model, dof, sizes, seed + k));
  const days = HISTORIES * HORIZON;
  const tails = Object.fromEntries(
    WATCHES.map((watch, w) => [
      watch,
      fitTail(
        watched.flatMap((paths) =>
          watch === 'ks' ? stretchHighs(paths[w]!, sizes.windowDays) : spellHighs(paths[w]!),
        ),
        days,
        watch === 'ks' ? KS_TAIL_RATE : TAIL_RATE,
      ),
    ]),
  ) as Record<Watch, TailCurve>; // a curve for each of them was just fitted
  return { tails, together: overlap(watched, tails) };
}

/** A day's value of each watched statistic. */
function watchHistory(model: QuietModel, dof: number, sizes: WatchSizes, seed: number): Float64Array[] {
  const history = simulateHistory(model, sizes.referenceDays + HORIZON, createRandom(seed));
  const reference = asChanges(history.slice(0, sizes.referenceDays));
  const days = history.subarray(sizes.referenceDays);
  const paths = WATCHES.map(() => new Float64Array(HORIZON));
  const standardiser = standardiserOf(refitGarch(reference, QUIET_SPEC, model.parameters), reference, dof);
  watchDays(standardiser, days, (sums, day) => {
    for (let d = 0; d < sums.length; d += 1) paths[d]![day - 1] = sums[d]!;
  });
  const ks = paths.at(-1)!;
  slidingDistances(sortFinite(reference), days, sizes, (distance, day) => {
    ks[day - 1] = distance * distance;
  });
  return paths;
}

/** First alarms of all together, as a share of those that each would raise alone, at levels that all are held to in their shares. */
function overlap(watched: readonly Float64Array[][], tails: Record<Watch, TailCurve>): number {
  const levels = WATCHES.map((watch) => levelAt(tails[watch], DATA_SHARES[watch] * TOGETHER_RATE));
  let alarms = 0;
  let days = 0;
  for (const paths of watched) {
    let first = HORIZON;
    for (const [w, path] of paths.entries()) {
      const at = path.findIndex((value) => value >= levels[w]!);
      if (at !== -1) first = Math.min(first, at);
    }
    if (first < HORIZON) alarms += 1;
    days += Math.min(HORIZON, first + 1);
  }
  const expected = TOGETHER_RATE * WATCHES.reduce((sum, watch) => sum + DATA_SHARES[watch], 0);
  return alarms / days / expected;
}
