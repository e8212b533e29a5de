import { createRandom, type RandomSource } from '../../random.ts';
import { sortFinite, type Sorted } from '../../stats/ks.ts';
import { upperMedian } from '../../stats/median.ts';
import { slidingDistances } from './slidingDistance.ts';
import { simulateHistory, type QuietModel } from './quietModel.ts';
import { levelForRunLength, recordHighsOf, type RecordHighs } from '../recordHighs.ts';

/** How a reference is watched. */
interface Watch {
  readonly windowDays: number;
  /** Days in a filling window from which it is looked at. */
  readonly minimumDays: number;
  readonly referenceDays: number;
}

/** Simulated references, each with its own days of monitoring after it. */
const HISTORIES = 100;
/** Monitored days of each history, in multiples of the wished run length: 98 % of runs end within it. */
const HORIZON = 4;

/**
 * The scaled distance D sqrt(mn / (m + n)) that a daily check on `model` exceeds for the first time after `everyDays` days on average.
 * Counted from the day the reference ends: the window starts empty and is looked at from `minimumDays` on, as in service
 * after each alarm, when what the alarm saw becomes part of the reference.
 */
export function criticalDistance(model: QuietModel, setting: Watch & { everyDays: number }, seed: number): number {
  const records = Array.from({ length: HISTORIES }, (_, k) => monitor(model, setting, createRandom(seed + k)));
  return levelForRunLength(records, setting.everyDays);
}

function monitor(model: QuietModel, setting: Watch & { everyDays: number }, random: RandomSource): RecordHighs {
  const horizon = Math.round(HORIZON * setting.everyDays);
  const history = simulateHistory(model, setting.referenceDays + horizon, random);
  const distances = new Float64Array(horizon);
  const reference = sortFinite(history.subarray(0, setting.referenceDays));
  slidingDistances(reference, history.subarray(setting.referenceDays), setting, (distance, day) => {
    distances[day - 1] = distance;
  });
  return recordHighsOf(distances);
}

/** Histories used for the expected delay. */
const DELAY_HISTORIES = 60;
/** A change not noticed within a year counts as missed. */
const LONGEST_DELAY = 252;

/** Median days until a volatility multiplied by `factor` is noticed, from a window full of quiet days; `null` where half go unnoticed for a year. */
export function expectedDelay(
  model: QuietModel,
  setting: Watch,
  critical: number,
  factor: number,
  seed: number,
): number | null {
  const delays = Array.from({ length: DELAY_HISTORIES }, (_, k) => {
    const quiet = setting.referenceDays + setting.windowDays;
    const history = simulateHistory(model, quiet + LONGEST_DELAY, createRandom(seed + k));
    history.set(
      history.subarray(quiet).map((value) => factor * value),
      quiet,
    );
    const reference: Sorted = sortFinite(history.subarray(0, setting.referenceDays));
    let delay = Infinity;
    slidingDistances(reference, history.subarray(setting.referenceDays), setting, (distance, day) => {
      if (distance >= critical && day > setting.windowDays) delay = Math.min(delay, day - setting.windowDays);
    });
    return delay;
  });
  const median = upperMedian(delays);
  return Number.isFinite(median) ? median : null;
}
