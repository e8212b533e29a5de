import { coverage } from '../metrics/coverage.ts';
import type { DayScore } from '../forecast/score.ts';

/** Errors over some days, beside naive. Price errors in the unit of the series; CRPS in that of the change. */
export interface Quality {
  readonly days: number;
  readonly mae: number;
  readonly rmse: number;
  /** A ratio. */
  readonly mape: number;
  readonly crps: number;
  readonly naive: { readonly mae: number; readonly rmse: number; readonly mape: number; readonly crps: number };
  /** Mean squared error of the change / naive's: below 1 the point forecast is the better one. */
  readonly mseRatio: number;
  /** CRPS / that of a normal with EWMA volatility. */
  readonly crpsRatio: number;
  readonly coverage: number;
}

/** @param scores of one horizon; at least one. */
export function qualityOf(scores: readonly DayScore[]): Quality {
  const mean = (value: (score: DayScore) => number): number =>
    scores.reduce((sum, score) => sum + value(score), 0) / scores.length;
  const naiveError = (score: DayScore): number => Math.abs(score.actual - score.naive);
  const crps = mean((score) => score.crps);
  const naiveCrps = mean((score) => score.naiveCrps);
  const naiveChange = mean((score) => score.change ** 2);
  return {
    days: scores.length,
    mae: mean((score) => score.absoluteError),
    rmse: Math.sqrt(mean((score) => score.squaredError)),
    mape: mean((score) => score.absoluteError / Math.abs(score.actual)),
    crps,
    naive: {
      mae: mean(naiveError),
      rmse: Math.sqrt(mean((score) => score.naiveSquaredError)),
      mape: mean((score) => naiveError(score) / Math.abs(score.actual)),
      crps: naiveCrps,
    },
    mseRatio: naiveChange > 0 ? mean((score) => score.changeError ** 2) / naiveChange : 1,
    crpsRatio: naiveCrps > 0 ? crps / naiveCrps : 1,
    coverage: coverage(scores) ?? Number.NaN,
  };
}

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
