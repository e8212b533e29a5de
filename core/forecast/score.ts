import { crpsStudentT } from '../metrics/crps.ts';
import type { ChangeDistribution } from '../model/network.ts';
import type { TradingDay } from '../series/day.ts';
import type { Transform } from '../series/transform.ts';
import type { DayForecast } from './forecast.ts';

/**
 * A forecast set beside what happened. Errors are in the unit of the series (squared where it says so); CRPS is in the unit
 * of the change (log return or difference), where the forecast is a whole distribution with a finite mean.
 */
export interface DayScore {
  /** The day that was forecast. */
  readonly day: TradingDay;
  readonly horizon: number;
  readonly actual: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  readonly naive: number;
  readonly squaredError: number;
  readonly absoluteError: number;
  /** A ratio; null when the actual value is 0. */
  readonly absolutePercentageError: number | null;
  readonly crps: number;
  readonly naiveSquaredError: number;
  /** Of a normal around the last close with EWMA volatility. */
  readonly naiveCrps: number;
  /** EWMA volatility of the change, known when the forecast was made: the unit that makes calm and wild days comparable. */
  readonly volatility: number;
  /** What the change was, and what of it the forecast mean did not foresee; unit of the change. */
  readonly change: number;
  readonly changeError: number;
  readonly covered: boolean;
}

export interface ScoreInput {
  readonly day: TradingDay;
  readonly actual: number;
  readonly forecast: DayForecast;
  readonly naiveDistribution: ChangeDistribution;
  readonly transform: Transform;
}

export function scoreForecast({ day, actual, forecast, naiveDistribution, transform }: ScoreInput): DayScore {
  const { distribution, prediction, lower, upper, naive } = forecast;
  const change = transform === 'log-return' ? Math.log(actual / naive) : actual - naive;
  const absoluteError = Math.abs(actual - prediction);
  return {
    day,
    horizon: forecast.horizon,
    actual,
    prediction,
    lower,
    upper,
    naive,
    squaredError: absoluteError ** 2,
    absoluteError,
    absolutePercentageError: actual === 0 ? null : absoluteError / Math.abs(actual),
    crps: crpsStudentT(distribution.mean, distribution.spread, distribution.dof, change),
    naiveSquaredError: (actual - naive) ** 2,
    naiveCrps: crpsStudentT(0, naiveDistribution.spread, naiveDistribution.dof, change),
    volatility: naiveDistribution.spread,
    change,
    changeError: change - distribution.mean,
    covered: actual >= lower && actual <= upper,
  };
}
