import { ShepherdError } from '../errors.ts';
import { coverage } from '../metrics/coverage.ts';
import { skill } from '../metrics/skill.ts';
import { meanOf } from '../stats/moments.ts';
import type { DayScore } from './score.ts';
import { isBetter, measureUncertainty } from './uncertainty.ts';

/**
 * Forecast quality: how forecasts of one horizon agreed with what happened, beside the naive forecast of the same days (the term of
 * Murphy 1993, "What is a good forecast?"). Errors in the unit of the series (squared for MSE), CRPS in that of the change.
 */
export interface ForecastQuality {
  /** Scored days it rests on, 1 or more. */
  readonly days: number;
  readonly mse: number;
  readonly mae: number;
  /**
   * A ratio; null where it would mean nothing: the series went through zero or so near to it that it moved by more than its own value
   * in one step (Hyndman & Koehler 2006, section 2.2).
   */
  readonly mape: number | null;
  readonly crps: number;
  readonly naiveMse: number;
  readonly naiveMae: number;
  readonly naiveMape: number | null;
  /** Of a normal around the last close with EWMA volatility. */
  readonly naiveCrps: number;
  /** 1 - mse / naiveMse; null where naive made no error at all. */
  readonly skill: number | null;
  /** Mean squared error of the change / naive's: below 1 the point forecast is the better one. 1 where nothing changed. */
  readonly mseRatio: number;
  /** crps / naiveCrps. 1 where naive made no error at all. */
  readonly crpsRatio: number;
  /** Share of days whose actual value lay inside the band. */
  readonly coverage: number;
  /** Whether the whole forecast is better than naive's and its point forecast no worse; null where these days cannot tell. */
  readonly betterThanNaive: boolean | null;
}

/** Days of the rolling figures: a trading quarter. */
export const QUALITY_DAYS = 60;

/**
 * @param scores of one horizon, a score a day.
 * @throws ShepherdError TOO_FEW_VALUES when there is none.
 */
export function measureQuality(scores: readonly DayScore[]): ForecastQuality {
  const covered = coverage(scores);
  if (covered === null) throw new ShepherdError('TOO_FEW_VALUES', 'No forecast has met its day yet; score one first.');
  const mean = (value: (score: DayScore) => number): number => meanOf(scores.map(value));
  const mse = mean((score) => score.squaredError);
  const naiveMse = mean((score) => score.naiveSquaredError);
  const crps = mean((score) => score.crps);
  const naiveCrps = mean((score) => score.naiveCrps);
  const naiveChange = mean((score) => score.change ** 2);
  // Not from the level itself: a stored one is in the unit of the day it was told.
  const naiveError = (score: DayScore): number => Math.sqrt(score.naiveSquaredError);
  return {
    days: scores.length,
    mse,
    mae: mean((score) => score.absoluteError),
    mape: meanPercentage(scores, (score) => score.absoluteError),
    crps,
    naiveMse,
    naiveMae: mean(naiveError),
    naiveMape: meanPercentage(scores, naiveError),
    naiveCrps,
    skill: skill(mse, naiveMse),
    mseRatio: naiveChange > 0 ? mean((score) => score.changeError ** 2) / naiveChange : 1,
    crpsRatio: naiveCrps > 0 ? crps / naiveCrps : 1,
    coverage: covered,
    betterThanNaive: isBetter(measureUncertainty(scores)),
  };
}

/**
 * Quality over the last `QUALITY_DAYS` scored days: the rolling figures, wherever they are told.
 * @param scores of one horizon in time order, a score a day; may be more than are looked at.
 * @returns null before the first score.
 */
export function recentQuality(scores: readonly DayScore[]): ForecastQuality | null {
  return scores.length === 0 ? null : measureQuality(scores.slice(-QUALITY_DAYS));
}

/** Of the days of a series near zero more than this share moves by more than the value it leads to; a split or a crash is one day. */
const WILD_SHARE = 0.05;

/** Whether the values pass through zero, or come so near that a step is often larger than the value it leads to. */
function meetsZero(scores: readonly DayScore[]): boolean {
  const sign = Math.sign(scores[0]?.actual ?? 0);
  if (scores.some(({ actual }) => actual === 0 || Math.sign(actual) !== sign)) return true;
  const wild = scores.filter(({ actual, naiveSquaredError }) => naiveSquaredError > actual ** 2);
  return wild.length > WILD_SHARE * scores.length;
}

function meanPercentage(scores: readonly DayScore[], error: (score: DayScore) => number): number | null {
  return meetsZero(scores) ? null : meanOf(scores.map((score) => error(score) / Math.abs(score.actual)));
}
