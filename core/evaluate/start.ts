import type { Series } from '../series/price.ts';

/** Share of the days that is left to train the first model on. */
const TRAINING_SHARE = 0.7;

/**
 * Index of the first day of an evaluation: that of the calendar year which begins nearest to 70 % of the days, so that whole
 * years are judged; the day at 70 % where no year begins within a trading year of it.
 */
export function evaluationStart({ days }: Series): number {
  const share = Math.round(days.length * TRAINING_SHARE);
  let best = share;
  let distance = 250;
  days.forEach((day, i) => {
    const before = days[i - 1];
    const isNewYear = before !== undefined && day.slice(0, 4) !== before.slice(0, 4);
    if (!isNewYear || Math.abs(i - share) >= distance) return;
    best = i;
    distance = Math.abs(i - share);
  });
  return best;
}
