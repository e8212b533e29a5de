import type { ChangeDistribution, Predictor } from '../model/network.ts';
import type { TradingDay } from '../series/day.ts';
import type { Series } from '../series/price.ts';
import { updateBand, type BandState } from './band.ts';
import { applyCalibration, type Calibration } from './calibration.ts';
import { forecastDay, type DayForecast } from './forecast.ts';
import { naiveRange } from './naive.ts';
import { bandScore, scoreForecast, type DayScore } from './score.ts';

/** A forecast given on the close of `asOf`, with the naive distribution known on that day. */
export interface IssuedForecast {
  readonly asOf: TradingDay;
  readonly forecast: DayForecast;
  readonly naiveDistribution: ChangeDistribution;
}

export interface AdvanceRequest {
  readonly predictor: Predictor;
  readonly calibration: Calibration;
  readonly series: Series;
  /** The bands' state after everything scored so far. */
  readonly band: BandState;
  /** Forecasts given earlier whose day had not come. */
  readonly pending: readonly IssuedForecast[];
  /** Index of the first day not yet forecast from; days before it are not touched. */
  readonly from: number;
}

export interface Advance {
  readonly scored: readonly { readonly issued: IssuedForecast; readonly score: DayScore }[];
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
  if (start >= end) return { scored: [], issued: [], band };
  const raw = predictor.predictRange(series.closes, start, end);
  const naive = naiveRange(series.closes, transform, horizon, start, end);
  const indexOf = new Map(series.days.map((day, index) => [day, index]));

  let state = band;
  let open = [...pending];
  const scored: { issued: IssuedForecast; score: DayScore }[] = [];
  const issued: IssuedForecast[] = [];
  for (let today = start; today < end; today += 1) {
    const day = series.days[today]!;
    const actual = series.closes[today]!;
    const isDue = ({ asOf, forecast }: IssuedForecast): boolean =>
      (indexOf.get(asOf) ?? Number.NaN) + forecast.horizon === today;
    for (const due of open.filter(isDue)) {
      const { forecast, naiveDistribution } = due;
      const score = scoreForecast({ day, actual, forecast, naiveDistribution, transform });
      scored.push({ issued: due, score });
      state = updateBand(state, {
        horizon: forecast.horizon,
        score: bandScore(forecast, actual, transform),
        covered: score.covered,
      });
    }
    open = open.filter((each) => !isDue(each));
    const distributions = applyCalibration(
      raw[today - start]!,
      calibration,
      series.closes.subarray(0, today + 1),
      predictor.spec,
    );
    for (let h = 1; h <= horizon; h += 1) {
      const given: IssuedForecast = {
        asOf: day,
        forecast: forecastDay({ distributions, lastClose: actual, band: state, transform, horizon: h }),
        naiveDistribution: naive[today - start]![h - 1]!,
      };
      issued.push(given);
      open.push(given);
    }
  }
  return { scored, issued, band: state };
}
