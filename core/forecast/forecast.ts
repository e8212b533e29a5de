import type { ChangeDistribution, Predictor } from '../model/network.ts';
import { lastPrices, lastValues, type Bars } from '../series/price.ts';
import { applyChange, type Transform } from '../series/transform.ts';
import { ahead } from './ahead.ts';
import { bandWidth, type BandState } from './band.ts';
import { applyCalibration, type Calibration } from './calibration.ts';

/** The forecast for one day ahead. Values are in the unit of the series. */
export interface DayForecast {
  /** Trading days after the last close. */
  readonly horizon: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  /** Nominal coverage of [lower, upper]. */
  readonly level: number;
  /** The naive forecast: the last close. */
  readonly naive: number;
  /** Of the cumulative change since the last close, as calibrated. */
  readonly distribution: ChangeDistribution;
}

export interface ForecastRequest {
  readonly predictor: Predictor;
  readonly calibration: Calibration;
  /** The bands' state now; right after training `calibration.band`. */
  readonly band: BandState;
  /** At least `predictor.spec.window` levels, oldest first. */
  readonly closes: ArrayLike<number>;
  /** Of the same days, where they are known. */
  readonly bars?: Bars | undefined;
  /** Days ahead, 1 or more. */
  readonly horizon: number;
}

/**
 * Forecasts of the next `horizon` days from a window of closes.
 * @throws ShepherdError TOO_FEW_VALUES, INVALID_PRICE as the predictor does.
 */
export function makeForecast(request: ForecastRequest): DayForecast[] {
  const { predictor, calibration, closes, bars, band, horizon } = request;
  const { spec } = predictor;
  const levels = closes instanceof Float64Array ? closes : Float64Array.from(closes);
  const window = lastPrices({ closes: levels, ...(bars && { bars }) }, spec.window);
  const distributions = applyCalibration(predictor.predict(window.closes), calibration, window, spec, horizon);
  const [lastClose = Number.NaN] = lastValues(closes, 1); // the predictor refuses a window without closes
  return forecastDays({ distributions, lastClose, band, transform: spec.transform, horizon });
}

/** The first of these days alone. */
export function forecastNextDay(request: Omit<ForecastRequest, 'horizon'>): DayForecast {
  return ahead(makeForecast({ ...request, horizon: 1 }), 1);
}

export interface DaysRequest {
  /** Calibrated, one a day ahead, to the horizon or to the network's last. */
  readonly distributions: readonly ChangeDistribution[];
  readonly lastClose: number;
  readonly band: BandState;
  readonly transform: Transform;
  readonly horizon: number;
}

/** The forecasts 1 … `horizon` days ahead from calibrated distributions. No band is narrower than that of a day before. */
export function forecastDays(request: DaysRequest): DayForecast[] {
  const { distributions, lastClose, band, transform, horizon } = request;
  let widest = 0;
  return Array.from({ length: horizon }, (_, i) => {
    const { distribution, halfWidth } = iterate(distributions, band, i + 1);
    widest = Math.max(widest, halfWidth);
    return {
      horizon: i + 1,
      prediction: applyChange(lastClose, distribution.mean, transform),
      lower: applyChange(lastClose, distribution.mean - widest, transform),
      upper: applyChange(lastClose, distribution.mean + widest, transform),
      level: band.level,
      naive: lastClose,
      distribution,
    };
  });
}

/**
 * Direct as far as there are distributions. Beyond the last, H days ahead, the change over h = qH + r days is q independent steps of H
 * days and one of r days: means add, squared spreads and squared band half-widths add, the tail stays that of H days.
 * The window is not fed its own forecasts: a path of predicted means has no volatility, and would soon forecast none.
 */
function iterate(
  distributions: readonly ChangeDistribution[],
  band: BandState,
  horizon: number,
): { distribution: ChangeDistribution; halfWidth: number } {
  const longest = distributions.length;
  const steps = Math.floor((horizon - 1) / longest);
  const rest = horizon - steps * longest;
  const last = ahead(distributions, rest);
  const restWidth = last.spread * widthAt(band, rest, last.dof);
  if (steps === 0) return { distribution: last, halfWidth: restWidth };
  const step = ahead(distributions, longest);
  const stepWidth = step.spread * widthAt(band, longest, step.dof);
  return {
    distribution: {
      mean: steps * step.mean + last.mean,
      spread: Math.sqrt(steps * step.spread ** 2 + last.spread ** 2),
      dof: step.dof,
    },
    halfWidth: Math.sqrt(steps * stepWidth ** 2 + restWidth ** 2),
  };
}

/** Beyond the last day ahead whose outcomes a band has met, it is as that one. */
function widthAt(band: BandState, horizon: number, dof: number): number {
  return bandWidth(band, Math.min(horizon, band.horizons.length), dof);
}
