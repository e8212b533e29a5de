import { ShepherdError } from '../errors.ts';
import { advanceForecasts } from '../forecast/advance.ts';
import type { BandState } from '../forecast/band.ts';
import type { Calibration } from '../forecast/calibration.ts';
import type { DayScore } from '../forecast/score.ts';
import type { Predictor } from '../model/network.ts';
import type { TradingDay } from '../series/day.ts';
import { sliceSeries, type Series } from '../series/price.ts';
import { splitOf } from './split.ts';

/** Scores of every horizon, and the bands' state after the last day. */
export interface RangeScores {
  /** In time order of the day forecast. */
  readonly scores: readonly DayScore[];
  readonly band: BandState;
}

/** A model with what is needed to hold it to account. */
export interface AccountableModel {
  readonly predictor: Predictor;
  readonly calibration: Calibration;
  /** Last day whose close any part of it has seen: weights, early stopping or calibration. */
  readonly knownTo: TradingDay;
}

/**
 * Scores the forecasts *of* the days with index in [from, to), each made from the closes up to h days before it, but never
 * before the model had seen its last day, and with the bands as they stood then. The bands start as they were after the
 * validation days and learn from each outcome on the day it becomes known.
 * @throws ShepherdError INVALID_INPUT when the model has already seen one of the days: such a score would flatter it.
 */
export function scoreRange(model: AccountableModel, series: Series, from: number, to: number): RangeScores {
  const { predictor, calibration, knownTo } = model;
  const first = series.days[from];
  if (first !== undefined && first <= knownTo) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `The model has seen closes up to ${knownTo}, so its forecast of ${first} is no test of it; score later days.`,
    );
  }
  const lived = advanceForecasts({
    predictor,
    calibration,
    series: sliceSeries(series, 0, to),
    band: calibration.band,
    pending: [],
    from: firstOrigin(series, knownTo, from - predictor.spec.horizon),
  });
  const scores = lived.scored.map(({ score }) => score);
  return { scores: first === undefined ? [] : scores.filter((score) => score.day >= first), band: lived.band };
}

/** The later of `earliest` and the index of `knownTo`. */
function firstOrigin(series: Series, knownTo: TradingDay, earliest: number): number {
  const known = series.days.findIndex((day) => day >= knownTo);
  return Math.max(0, earliest, known === -1 ? series.days.length - 1 : known);
}

/** A model's forecasts one day ahead of the days held out at the end of a series, and its bands after them. */
export interface HeldOutScores {
  readonly days: readonly DayScore[];
  readonly band: BandState;
}

/** @throws ShepherdError INVALID_INPUT when the model has seen a held-out day, TOO_FEW_VALUES as `splitOf`. */
export function scoreHeldOut(model: AccountableModel, series: Series): HeldOutScores {
  const { heldOut } = splitOf(series.days.length, model.predictor.spec);
  const { scores, band } = scoreRange(model, series, heldOut.from, heldOut.to);
  return { days: atHorizon(scores, 1), band };
}

/** A model's forecasts one day ahead of all the days up to the end of a series that it has not seen. */
export function scoreUnseen(model: AccountableModel, series: Series): DayScore[] {
  const from = series.days.findLastIndex((day) => day <= model.knownTo) + 1;
  return from === series.days.length ? [] : atHorizon(scoreRange(model, series, from, series.days.length).scores, 1);
}

/** The scores of one horizon, in time order. */
export function atHorizon(scores: readonly DayScore[], horizon: number): DayScore[] {
  return scores.filter((score) => score.horizon === horizon);
}
