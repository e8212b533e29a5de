import type { DayLosses } from '../decide/evidence.ts';
import type { DayScore } from '../forecast/score.ts';

/** All that the check of losses reads of a day's score. Plain JSON. */
export type LossDay = Pick<DayScore, 'day' | 'crps' | 'naiveCrps' | 'volatility'>;

export function toLossDay({ day, crps, naiveCrps, volatility }: LossDay): LossDay {
  return { day, crps, naiveCrps, volatility };
}

/**
 * Losses are compared in units of the EWMA volatility known the day before. Dividing each day by a number that was known
 * beforehand leaves "equally good" what it was, and keeps one wild week from deciding alone.
 */
export function normalisedCrps(score: Pick<DayScore, 'crps' | 'volatility'>): number {
  return score.crps / unit(score);
}

/** The same of the naive forecast. */
export function normalisedNaiveCrps(score: Pick<DayScore, 'naiveCrps' | 'volatility'>): number {
  return score.naiveCrps / unit(score);
}

/** The losses a gate compares. */
export function forecastLosses(scores: readonly DayScore[]): DayLosses {
  return {
    days: scores.map((score) => score.day),
    crps: scores.map(normalisedCrps),
    squaredError: scores.map((score) => (score.changeError / unit(score)) ** 2),
  };
}

/** The same for the naive forecast on those days. */
export function naiveLosses(scores: readonly DayScore[]): DayLosses {
  return {
    days: scores.map((score) => score.day),
    crps: scores.map(normalisedNaiveCrps),
    squaredError: scores.map((score) => (score.change / unit(score)) ** 2),
  };
}

/** A series that has not moved at all has volatility 0; its losses are then left as they are. */
function unit({ volatility }: Pick<DayScore, 'volatility'>): number {
  return volatility > 0 ? volatility : 1;
}
