/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes run below the lengths of what they index */
import { WATCHES } from '../../core/drift/budget.ts';
import { fitReference } from '../../core/drift/distribution/reference.ts';
import { slidingDistances } from '../../core/drift/distribution/slidingDistance.ts';
import { limitOf } from '../../core/drift/sequential/limits.ts';
import { standardiserOf } from '../../core/drift/sequential/standardise.ts';
import { watchDays } from '../../core/drift/sequential/watchDays.ts';
import { DEFAULT_DRIFT_SETTING, MINIMUM_CURRENT } from '../../core/drift/setting.ts';
import { createRandom, seedFrom } from '../../core/random.ts';
import { asChanges } from '../../core/series/transform.ts';
import { sortFinite } from '../../core/stats/ks.ts';
import { continueReturns, simulateReturns, type ProcessName } from '../../lab/returnProcesses.ts';

export const FLOCKS = [1, 10, 100, 500] as const;

export interface FlockResult {
  /** Days watched, and on how many stretches of them each flock's limits were passed. */
  readonly days: number;
  readonly alarms: readonly number[];
  /** Days until a doubled volatility passed them, for each flock; LONGEST + 1 where it did not. */
  readonly delays: readonly (readonly number[])[];
}

const EVERY_DAYS = 252;
const { referenceDays, windowDays } = DEFAULT_DRIFT_SETTING;
/** A reference is kept for a stale cycle, from when it lies a window behind. */
const SERVED = 60;
const STRETCHES = 400;
const CHANGED = 12;
const LONGEST = 252;

/** One reference, and many ways in which its world may go on: what a series of a flock passes between two looks by age. */
export function watchFlock(process: ProcessName, seed: number): FlockResult {
  const past = simulateReturns(process, referenceDays, createRandom(seed));
  const fitted = fitReference(past, DEFAULT_DRIFT_SETTING, seed);
  const standardiser = standardiserOf(fitted.parameters, past);
  const sorted = sortFinite(past);
  const curves = fitted.curves!;
  const limits = FLOCKS.map((series) =>
    WATCHES.map((watch) => limitOf(curves, watch, { everyDays: EVERY_DAYS, series })),
  );

  /** The first day from `from` on, 1-based, on which a flock's limits are passed. */
  const firstAlarms = (days: Float64Array, from: number): number[] => {
    const first = FLOCKS.map(() => Infinity);
    const look = (watch: number, value: number, day: number): void => {
      if (day <= from) return;
      for (const [f, own] of limits.entries()) if (value >= own[watch]! && day < first[f]!) first[f] = day;
    };
    watchDays(standardiser, days, (sums, day) => {
      for (let d = 0; d < sums.length; d += 1) look(d, sums[d]!, day);
    });
    slidingDistances(sorted, days, { windowDays, minimumDays: MINIMUM_CURRENT }, (distance, day) => {
      look(WATCHES.length - 1, distance * distance, day);
    });
    return first;
  };

  const alarms = FLOCKS.map(() => 0);
  let days = 0;
  for (let k = 0; k < STRETCHES; k += 1) {
    const next = continueReturns(process, past, windowDays + SERVED, createRandom(seedFrom(seed, 'quiet', k)));
    for (const [f, day] of firstAlarms(next, windowDays).entries()) if (day !== Infinity) alarms[f]! += 1;
    days += SERVED;
  }
  const delays = FLOCKS.map((): number[] => []);
  for (let k = 0; k < CHANGED; k += 1) {
    const random = createRandom(seedFrom(seed, 'changed', k));
    const at = windowDays + Math.floor(SERVED * random());
    const next = continueReturns(process, past, at + LONGEST, random).map((value, t) => (t < at ? value : 2 * value));
    for (const [f, day] of firstAlarms(asChanges(next), at).entries()) delays[f]!.push(Math.min(LONGEST + 1, day - at));
  }
  return { days, alarms, delays };
}
