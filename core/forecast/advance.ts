import type { Predictor } from '../model/network.ts';
import { paired } from '../paired.ts';
import { dayAt, slicePrices, type Series } from '../series/price.ts';
import { updateBand, type BandState } from './band.ts';
import { applyCalibration, type Calibration } from './calibration.ts';
import { forecastDays } from './forecast.ts';
import { meetCloses, type IssuedForecast, type MetForecast } from './issued.ts';
import { naiveRange } from './naive.ts';

export interface AdvanceRequest {
  readonly predictor: Predictor;
  readonly calibration: Calibration;
  readonly series: Series;
  /** The bands' state after everything scored so far. */
  readonly band: BandState;
  /** Forecasts given earlier and not met yet, also those whose day has come late. */
  readonly pending: readonly IssuedForecast[];
  /** Index of the first day not yet forecast from; days before it are not touched. */
  readonly from: number;
}

export interface Advance {
  readonly scored: readonly MetForecast[];
  /** Given on the new days, those scored above included. */
  readonly issued: readonly IssuedForecast[];
  readonly band: BandState;
}

/**
 * Lives through the days [from, end) as they came: on each day first the forecasts of that day meet its close and the bands
 * learn from it, then the next forecasts are given from the closes up to that day alone. Days that arrive together after an
 * outage give the same forecasts, scores and bands as days that arrive one by one.
 */
export function advanceForecasts({ predictor, calibration, series, band, pending, from }: AdvanceRequest): Advance {
  const { horizon, transform, window } = predictor.spec;
  const end = series.closes.length;
  const start = Math.max(from, window - 1);
  const raw = start < end ? predictor.predictRange(series.closes, start, end) : [];
  const naive = naiveRange(series.closes, transform, horizon, start, end);
  const market = { series, transform, indexOf: new Map(series.days.map((day, index) => [day, index])) };

  let state = band;
  let open: readonly IssuedForecast[] = pending;
  const scored: MetForecast[] = [];
  const issued: IssuedForecast[] = [];
  const meet = (today: number): void => {
    const { met, waiting } = meetCloses(open, market, today);
    open = waiting;
    for (const each of met) {
      const { horizon, distribution } = each.issued.forecast;
      const { changeError, covered } = each.score;
      scored.push(each);
      state = updateBand(state, { horizon, score: Math.abs(changeError) / distribution.spread, covered });
    }
  };
  for (const [i, [network, naiveDistributions]] of paired(raw, naive).entries()) {
    const today = start + i;
    meet(today);
    const { day: asOf, close: lastClose } = dayAt(series, today);
    const distributions = applyCalibration(network, calibration, slicePrices(series, 0, today + 1), predictor.spec);
    const forecasts = forecastDays({ distributions, lastClose, band: state, transform, horizon });
    const given = paired(forecasts, naiveDistributions).map(([forecast, naiveDistribution]): IssuedForecast => ({
      asOf,
      forecast,
      naiveDistribution,
    }));
    issued.push(...given);
    open = [...open, ...given];
  }
  // A day that arrived late, with none after it, may have made forecasts due.
  meet(end - 1);
  return { scored, issued, band: state };
}
