import { ShepherdError } from '../errors.ts';
import { updateBand, type BandState } from '../forecast/band.ts';
import { applyCalibration, type Calibration } from '../forecast/calibration.ts';
import { forecastDay, type DayForecast } from '../forecast/forecast.ts';
import { naiveRange } from '../forecast/naive.ts';
import { bandScore, scoreForecast, type DayScore } from '../forecast/score.ts';
import type { Predictor } from '../model/network.ts';
import type { TradingDay } from '../series/day.ts';
import type { Series } from '../series/price.ts';

/** Scores of every horizon, and the bands' state after the last day. */
export interface RangeScores {
  /** In time order of the day forecast, the horizons of a day together, shortest first. */
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
 * Scores the forecasts *of* the days with index in [from, to), each made from the closes up to h days before it and with the
 * bands as they stood then; the bands learn from each outcome on the day it becomes known.
 *
 * @param band the bands' state before `from`; default as it was after the validation days.
 * @throws ShepherdError INVALID_INPUT when the model has already seen one of the days: such a score would flatter it.
 */
export function scoreRange(
  model: AccountableModel,
  series: Series,
  from: number,
  to: number,
  band: BandState = model.calibration.band,
): RangeScores {
  requireUnseen(model, series, from);
  const { predictor, calibration } = model;
  const { horizon, transform, window } = predictor.spec;
  const firstOrigin = Math.max(window - 1, from - horizon);
  const raw = predictor.predictRange(series.closes, firstOrigin, to - 1);
  const naive = naiveRange(series.closes.subarray(0, to), transform, horizon, firstOrigin, to - 1);
  const issued: DayForecast[][] = [];
  const scores: DayScore[] = [];
  let state = band;
  for (let today = firstOrigin; today < to; today += 1) {
    if (today >= from) {
      for (let h = 1; h <= horizon; h += 1) {
        const row = today - h - firstOrigin;
        const forecast = issued[row]?.[h - 1];
        if (forecast === undefined) continue;
        const actual = series.closes[today]!;
        const score = scoreForecast({
          day: series.days[today]!,
          actual,
          forecast,
          naiveDistribution: naive[row]![h - 1]!,
          transform,
        });
        scores.push(score);
        state = updateBand(state, {
          horizon: h,
          score: bandScore(forecast, actual, transform),
          covered: score.covered,
        });
      }
    }
    if (today === to - 1) break;
    const seen = series.closes.subarray(0, today + 1);
    const distributions = applyCalibration(raw[today - firstOrigin]!, calibration, seen, predictor.spec);
    const lastClose = series.closes[today]!;
    issued.push(
      distributions.map((_, i) => forecastDay({ distributions, lastClose, band: state, transform, horizon: i + 1 })),
    );
  }
  return { scores, band: state };
}

function requireUnseen({ knownTo }: AccountableModel, series: Series, from: number): void {
  const first = series.days[from];
  if (first === undefined || first > knownTo) return;
  throw new ShepherdError(
    'INVALID_INPUT',
    `The model has seen closes up to ${knownTo}, so its forecast of ${first} is no test of it; score later days.`,
  );
}

/** The scores of one horizon, in time order. */
export function atHorizon(scores: readonly DayScore[], horizon: number): DayScore[] {
  return scores.filter((score) => score.horizon === horizon);
}
