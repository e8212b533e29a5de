import type { DayLosses } from '../decide/evidence.ts';
import type { DayScore } from '../forecast/score.ts';

/**
 * The losses a gate compares, in units of the EWMA volatility known the day before. Dividing each day by a number that was
 * known beforehand leaves "equally good" what it was, and keeps one wild week from deciding alone.
 */
export function forecastLosses(scores: readonly DayScore[]): DayLosses {
  return {
    days: scores.map((score) => score.day),
    crps: scores.map((score) => score.crps / unit(score)),
    squaredError: scores.map((score) => (score.changeError / unit(score)) ** 2),
  };
}

/** The same for the naive forecast on those days. */
export function naiveLosses(scores: readonly DayScore[]): DayLosses {
  return {
    days: scores.map((score) => score.day),
    crps: scores.map((score) => score.naiveCrps / unit(score)),
    squaredError: scores.map((score) => (score.change / unit(score)) ** 2),
  };
}

/** A series that has not moved at all has volatility 0; its losses are then left as they are. */
function unit(score: DayScore): number {
  return score.volatility > 0 ? score.volatility : 1;
}
