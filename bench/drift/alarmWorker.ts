/* eslint-disable @typescript-eslint/no-non-null-assertion -- the reference is long enough to be fitted with a limit, and t stays below the length */
import { fitReference, type DriftReference } from '../../core/drift/distribution/reference.ts';
import { DEFAULT_DRIFT_SETTING, MINIMUM_CURRENT } from '../../core/drift/setting.ts';
import { slidingDistances } from '../../core/drift/distribution/slidingDistance.ts';
import { createRandom, seedFrom } from '../../core/random.ts';
import type { Changes } from '../../core/series/transform.ts';
import { sortFinite } from '../../core/stats/ks.ts';
import { simulateReturns, type ProcessName } from '../../lab/returnProcesses.ts';

export interface AlarmTask {
  readonly process: ProcessName;
  readonly stream: number;
  readonly seed: number;
}

export interface AlarmResult {
  /** Trading days from one false alarm to the next, the reference moving at each. */
  readonly intervals: readonly number[];
  /** Days until a doubled volatility was noticed, from a window full of quiet days; `null` where it never was within a year. */
  readonly delay: number | null;
  readonly threshold: number;
  readonly expectedDelay: number | null;
}

const ALARMS_A_STREAM = 3;
/** A stream without an alarm for twelve years is cut there, and counted as if it had one. */
const LONGEST_INTERVAL = 3024;
const LONGEST_DELAY = 252;

const setting = DEFAULT_DRIFT_SETTING;

/** One stream watched as the shepherd does: checked every day, and at each alarm the last 1,000 days become the reference. */
export default function watchStream({ process, stream, seed }: AlarmTask): AlarmResult {
  const own = seedFrom(seed, process, stream);
  const length = setting.referenceDays + ALARMS_A_STREAM * LONGEST_INTERVAL;
  const returns = simulateReturns(process, length, createRandom(own));
  const intervals: number[] = [];
  let today = setting.referenceDays;
  const first = fitAt(returns, today, own);
  let fitted = first;
  while (intervals.length < ALARMS_A_STREAM) {
    const days =
      firstAlarm(fitted, returns, today, returns.subarray(today, today + LONGEST_INTERVAL)) ?? LONGEST_INTERVAL;
    intervals.push(days);
    today += days;
    fitted = fitAt(returns, today, own);
  }
  return {
    intervals,
    delay: delayOf(first, returns),
    threshold: first.threshold,
    expectedDelay: first.expectedDelayDays,
  };
}

function referenceAt(returns: Changes, today: number): Changes {
  return returns.subarray(today - setting.referenceDays, today) as Changes; // a part of changes is changes
}

function fitAt(returns: Changes, today: number, seed: number): DriftReference {
  return fitReference(referenceAt(returns, today), setting, seedFrom(seed, today));
}

/** The day (1-based, after the reference's end) of the first alarm. */
function firstAlarm(fitted: DriftReference, returns: Changes, today: number, days: Float64Array): number | undefined {
  let alarm: number | undefined;
  const window = { windowDays: setting.windowDays, minimumDays: MINIMUM_CURRENT };
  slidingDistances(sortFinite(referenceAt(returns, today)), days, window, (distance, day) => {
    if (alarm === undefined && distance >= fitted.criticalScaled!) alarm = day;
  });
  return alarm;
}

function delayOf(fitted: DriftReference, returns: Changes): number | null {
  const today = setting.referenceDays;
  const days = returns.slice(today, today + setting.windowDays + LONGEST_DELAY);
  for (let t = setting.windowDays; t < days.length; t += 1) days[t]! *= 2;
  let delay: number | null = null;
  const window = { windowDays: setting.windowDays, minimumDays: setting.windowDays };
  slidingDistances(sortFinite(referenceAt(returns, today)), days, window, (distance, day) => {
    if (day > setting.windowDays && delay === null && distance >= fitted.criticalScaled!)
      delay = day - setting.windowDays;
  });
  return delay;
}
