import { createRandom } from '../random.ts';
import { sortFinite, type Sorted } from '../stats/ks.ts';
import { slidingDistances } from './slidingDistance.ts';
import { simulateHistory, type QuietModel } from './quietModel.ts';

/** Simulated references, each with its own days of monitoring after it. */
const HISTORIES = 100;
/** Monitored days of each history, in multiples of the wished run length: 98 % of runs end within it. */
const HORIZON = 4;

/** The first time each level of the distance is exceeded in one monitored history: days ascending, distances ascending. */
interface Records {
  readonly days: number[];
  readonly distances: number[];
  readonly horizon: number;
}

/**
 * The scaled distance D sqrt(mn / (m + n)) that a daily check on `model` exceeds for the first time after `everyDays` days on average.
 * Counted from the day the reference ends: the window starts empty and is looked at from `minimumDays` on, as in service
 * after each alarm, when what the alarm saw becomes part of the reference.
 */
export function criticalDistance(
  model: QuietModel,
  setting: { everyDays: number; windowDays: number; minimumDays: number; referenceDays: number },
  seed: number,
): number {
  const records = Array.from({ length: HISTORIES }, (_, k) => monitor(model, setting, createRandom(seed + k)));
  let low = 0;
  let high = Math.max(...records.map((record) => record.distances.at(-1) ?? 0));
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (meanRunLength(records, middle) < setting.everyDays) low = middle;
    else high = middle;
  }
  return high;
}

/** Mean days to the first distance at or above `level`, histories that end before it counted as censored. */
function meanRunLength(records: readonly Records[], level: number): number {
  let days = 0;
  let alarms = 0;
  for (const record of records) {
    const at = record.distances.findIndex((distance) => distance >= level);
    days += at === -1 ? record.horizon : record.days[at]!;
    if (at !== -1) alarms += 1;
  }
  return alarms === 0 ? Infinity : days / alarms;
}

function monitor(
  model: QuietModel,
  setting: { everyDays: number; windowDays: number; minimumDays: number; referenceDays: number },
  random: () => number,
): Records {
  const horizon = Math.round(HORIZON * setting.everyDays);
  const history = simulateHistory(model, setting.referenceDays + horizon, random);
  const reference = sortFinite(history.subarray(0, setting.referenceDays));
  const records: Records = { days: [], distances: [], horizon };
  let largest = 0;
  slidingDistances(reference, history.subarray(setting.referenceDays), setting, (distance, day) => {
    if (distance <= largest) return;
    largest = distance;
    records.days.push(day);
    records.distances.push(distance);
  });
  return records;
}

/** Histories used for the expected delay. */
const DELAY_HISTORIES = 60;
/** A change not noticed within a year counts as missed. */
const LONGEST_DELAY = 252;

/** Median days until a volatility multiplied by `factor` is noticed, from a window full of quiet days; `null` where half go unnoticed for a year. */
export function expectedDelay(
  model: QuietModel,
  setting: { windowDays: number; minimumDays: number; referenceDays: number },
  critical: number,
  factor: number,
  seed: number,
): number | null {
  const delays = Array.from({ length: DELAY_HISTORIES }, (_, k) => {
    const quiet = setting.referenceDays + setting.windowDays;
    const history = simulateHistory(model, quiet + LONGEST_DELAY, createRandom(seed + k));
    for (let t = quiet; t < history.length; t += 1) history[t]! *= factor;
    const reference: Sorted = sortFinite(history.subarray(0, setting.referenceDays));
    let delay = Infinity;
    slidingDistances(reference, history.subarray(setting.referenceDays), setting, (distance, day) => {
      if (distance >= critical && day > setting.windowDays) delay = Math.min(delay, day - setting.windowDays);
    });
    return delay;
  }).sort((a, b) => a - b);
  const median = delays[Math.floor(delays.length / 2)]!;
  return Number.isFinite(median) ? median : null;
}
