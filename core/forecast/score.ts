import { coverage } from '../metrics/coverage.ts';
import { crpsStudentT } from '../metrics/crps.ts';
import { skill } from '../metrics/pointError.ts';
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

export interface Outcome {
  readonly day: TradingDay;
  readonly actual: number;
  readonly forecast: DayForecast;
  readonly naiveDistribution: ChangeDistribution;
  readonly transform: Transform;
}

export function scoreForecast({ day, actual, forecast, naiveDistribution, transform }: Outcome): DayScore {
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

/** |actual change - mean| / spread, the score that the bands learn from. */
export function bandScore(forecast: DayForecast, actual: number, transform: Transform): number {
  const change = transform === 'log-return' ? Math.log(actual / forecast.naive) : actual - forecast.naive;
  return Math.abs(change - forecast.distribution.mean) / forecast.distribution.spread;
}

/** What a summary reads of a score; a row of stored scores has as much. */
export type ScoredErrors = Pick<
  DayScore,
  'squaredError' | 'absoluteError' | 'absolutePercentageError' | 'crps' | 'naiveSquaredError' | 'naiveCrps' | 'covered'
>;

/** Quality over some scored days; null where nothing is known. Units as in `DayScore`; `mape`, `skill`, `coverage` are ratios. */
export interface ScoreSummary {
  readonly days: number;
  readonly mse: number | null;
  readonly mae: number | null;
  readonly mape: number | null;
  readonly crps: number | null;
  readonly naiveMse: number | null;
  readonly naiveCrps: number | null;
  /** 1 - mse / naiveMse. */
  readonly skill: number | null;
  /** 1 - crps / naiveCrps. */
  readonly crpsSkill: number | null;
  readonly coverage: number | null;
  /** True when the whole forecast scored better than naive and its point forecast no worse; null with too few days. */
  readonly betterThanNaive: boolean | null;
}

/** Days of the rolling figures: a trading quarter. */
export const ROLLING_DAYS = 60;

/** Fewer scored days than this do not tell better from lucky. */
const LEAST_DAYS = 20;

/** Summary of the last `days` of scores that are in time order and of one horizon. */
export function summariseScores(scores: readonly ScoredErrors[], days = ROLLING_DAYS): ScoreSummary {
  const recent = scores.slice(-days);
  const mse = meanOf(recent.map((score) => score.squaredError));
  const naiveMse = meanOf(recent.map((score) => score.naiveSquaredError));
  const crps = meanOf(recent.map((score) => score.crps));
  const naiveCrps = meanOf(recent.map((score) => score.naiveCrps));
  const ratio = (value: number | null, naive: number | null): number | null =>
    value === null || naive === null ? null : skill(value, naive);
  return {
    days: recent.length,
    mse,
    mae: meanOf(recent.map((score) => score.absoluteError)),
    mape: meanOf(recent.flatMap((score) => score.absolutePercentageError ?? [])),
    crps,
    naiveMse,
    naiveCrps,
    skill: ratio(mse, naiveMse),
    crpsSkill: ratio(crps, naiveCrps),
    coverage: coverage(recent),
    betterThanNaive:
      recent.length < LEAST_DAYS || mse === null || naiveMse === null || crps === null || naiveCrps === null
        ? null
        : crps < naiveCrps && mse <= naiveMse,
  };
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
