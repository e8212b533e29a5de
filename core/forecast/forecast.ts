import type { ChangeDistribution, Predictor } from '../model/network.ts';
import { lastValues } from '../series/price.ts';
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
  /** Days ahead, 1 or more; beyond `predictor.spec.horizon` they are iterated. */
  readonly horizon: number;
}

/**
 * Forecasts of the next `horizon` days from a window of closes.
 * @throws ShepherdError TOO_FEW_VALUES, INVALID_PRICE as the predictor does.
 */
export function makeForecast({ horizon, ...request }: ForecastRequest): DayForecast[] {
  const window = readWindow(request);
  return Array.from({ length: horizon }, (_, i) => forecastDay({ ...window, horizon: i + 1 }));
}

/** The first of these days alone. */
export function forecastNextDay(request: Omit<ForecastRequest, 'horizon'>): DayForecast {
  return forecastDay({ ...readWindow(request), horizon: 1 });
}

function readWindow(request: Omit<ForecastRequest, 'horizon'>): Omit<DayRequest, 'horizon'> {
  const { predictor, calibration, closes, band } = request;
  const distributions = applyCalibration(predictor.predict(closes), calibration, closes, predictor.spec);
  const [lastClose = Number.NaN] = lastValues(closes, 1); // the predictor refuses a window without closes
  return { distributions, lastClose, band, transform: predictor.spec.transform };
}

export interface DayRequest {
  /** Calibrated, one a day ahead, first to the network's horizon. */
  readonly distributions: readonly ChangeDistribution[];
  readonly lastClose: number;
  readonly band: BandState;
  readonly transform: Transform;
  readonly horizon: number;
}

/** The forecast for one day ahead from calibrated distributions. */
export function forecastDay(request: DayRequest): DayForecast {
  const { distributions, lastClose, band, transform, horizon } = request;
  const { distribution, halfWidth } = iterate(distributions, band, horizon);
  return {
    horizon,
    prediction: applyChange(lastClose, distribution.mean, transform),
    lower: applyChange(lastClose, distribution.mean - halfWidth, transform),
    upper: applyChange(lastClose, distribution.mean + halfWidth, transform),
    level: band.level,
    naive: lastClose,
    distribution,
  };
}

/**
 * Direct up to the network's horizon H. Beyond it the change over h = qH + r days is q independent steps of H days and one
 * of r days: means add, squared spreads and squared band half-widths add, the tail stays that of H days.
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
  const restWidth = last.spread * bandWidth(band, rest);
  if (steps === 0) return { distribution: last, halfWidth: restWidth };
  const step = ahead(distributions, longest);
  const stepWidth = step.spread * bandWidth(band, longest);
  return {
    distribution: {
      mean: steps * step.mean + last.mean,
      spread: Math.sqrt(steps * step.spread ** 2 + last.spread ** 2),
      dof: step.dof,
    },
    halfWidth: Math.sqrt(steps * stepWidth ** 2 + restWidth ** 2),
  };
}
