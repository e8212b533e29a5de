import type { DayScore } from '../forecast/score.ts';

/** Scores by calendar year of the day forecast, years ascending. */
export function byYear(scores: readonly DayScore[]): Map<string, DayScore[]> {
  const years = new Map<string, DayScore[]>();
  for (const score of scores) {
    const year = score.day.slice(0, 4);
    const group = years.get(year);
    if (group === undefined) years.set(year, [score]);
    else group.push(score);
  }
  return years;
}
