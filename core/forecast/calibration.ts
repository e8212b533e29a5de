import { ShepherdError } from '../errors.ts';
import type { ChangeDistribution, Predictor } from '../model/network.ts';
import type { ModelSpec } from '../model/spec.ts';
import { paired } from '../paired.ts';
import { slicePrices, type Prices } from '../series/price.ts';
import { toChanges } from '../series/transform.ts';
import { meanOf } from '../stats/moments.ts';
import { ahead } from './ahead.ts';
import { startBand, tailBand, type BandState } from './band.ts';
import {
  combine,
  learnClassic,
  viewOf,
  type Classic,
  type ClassicView,
  type IndexRange,
  type LearntClassic,
} from './classic.ts';
import { chooseNetworkWeight, type WeighedDay } from './networkWeight.ts';
import type { PastForecast } from './pastForecast.ts';
import { deviationOf } from './pool.ts';
import { FURTHEST_KNOT } from './scale/samples.ts';
import { chooseShrinkage } from './shrinkage.ts';
import { chooseSpreadFactor } from './spreadFactor.ts';

/** What the validation days taught about forecasts `h` days ahead. */
export interface HorizonCalibration {
  /** Factor on the network's mean, 0 (nothing of it is believed) to 1 (as the network says). */
  readonly shrinkage: number;
  /** Factor on the spread; other than 1 only where the network stands alone. */
  readonly spreadFactor: number;
}

/**
 * Plain JSON, stored with the model. Element h - 1 of `horizons` is for h days ahead. In models stored before version 2 `version` and
 * `weight` are absent, and the anchor is a GARCH model.
 */
export interface Calibration extends Classic {
  readonly version?: 2;
  readonly horizons: readonly HorizonCalibration[];
  /** How far the spread moves from the anchor's (0) to the network's (1), on the log scale: one for all days ahead. */
  readonly weight?: number;
  /** State of the bands after the validation days. */
  readonly band: BandState;
  /** Validation days it rests on. */
  readonly days: number;
}

/** Fewer validation days than this say nothing about a tail of 10 %. */
const LEAST_DAYS = 30;

/**
 * Learns what the network's forecast is worth from `validation`, days that trained no weights, beside an anchor fitted on the days before
 * them; the anchor that is kept is fitted on all days up to `validation.to`. Nothing after it is read.
 *
 * @param prices the whole series, or as much as is known, oldest first.
 * @param classic what `learnClassic` gives for the same arguments, where several networks share it.
 * @throws ShepherdError TOO_FEW_VALUES when the range is short or its first window does not fit.
 */
export function calibrate(
  predictor: Predictor,
  prices: Prices,
  validation: IndexRange,
  classic: LearntClassic = learnClassic(prices, validation, predictor.spec),
): Calibration {
  const { spec } = predictor;
  const from = Math.max(validation.from, spec.window - 1);
  const count = validation.to - from - spec.horizon;
  if (count < LEAST_DAYS) {
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `Calibration needs ${LEAST_DAYS} validation days with a full window before them; got ${Math.max(0, count)}.`,
    );
  }
  const known = slicePrices(prices, 0, validation.to);
  const changes = toChanges(known.closes, spec.transform);
  const days = predictor.predictRange(known.closes, from, validation.to - 1).map((network, i) => ({
    network,
    views: viewOf(classic.before, slicePrices(known, 0, from + i + 1), spec, spec.horizon),
  }));
  const trials = Array.from({ length: spec.horizon }, (_, i) => {
    const actuals = cumulativeChanges(changes, from, validation.to - i - 1, i + 1);
    return paired(actuals, days.slice(0, actuals.length)).map(([actual, day]) => ({
      actual,
      network: ahead(day.network, i + 1),
      view: ahead(day.views, i + 1),
    }));
  });
  // The mean over the days ahead: each alone is noisier than what tells them apart.
  const weight = meanOf(trials.map((days, i) => chooseNetworkWeight(days.flatMap(weighedDay), i + 1)));
  const fitted = trials.map((days, i) => calibrateHorizon(days, i + 1, weight));
  const { anchor, rhythm } = classic.known;
  return {
    version: 2,
    anchor,
    rhythm,
    horizons: fitted.map(({ horizon }) => horizon),
    weight,
    band: anchor === null ? startBand(fitted.map(({ scores }) => scores)) : tailBand(spec.horizon),
    days: count,
  };
}

/** Change from each last-close index in [from, to) to `h` days later. */
function cumulativeChanges(changes: Float64Array, from: number, to: number, h: number): number[] {
  return Array.from({ length: to - from }, (_, i) =>
    changes.subarray(from + i, from + i + h).reduce((sum, change) => sum + change, 0),
  );
}

interface NetworkForecast {
  readonly actual: number;
  readonly network: ChangeDistribution;
  readonly view: ClassicView;
}

function calibrateHorizon(
  trials: readonly NetworkForecast[],
  h: number,
  weight: number,
): { horizon: HorizonCalibration; scores: number[] } {
  const combined = (shrinkage: number): PastForecast[] =>
    trials.map(({ actual, network, view }) => ({ actual, forecast: combine(network, view, { shrinkage, weight }) }));
  const shrinkage = chooseShrinkage(
    combined(0),
    trials.map(({ network }) => network.mean),
    h,
  );
  const shrunk = combined(shrinkage);
  const anchored = trials.some(({ view }) => view.anchor !== null);
  const spreadFactor = anchored ? 1 : chooseSpreadFactor(shrunk);
  const scores = shrunk.map(
    ({ actual, forecast }) => Math.abs(actual - forecast.mean) / (spreadFactor * forecast.spread),
  );
  return { horizon: { shrinkage, spreadFactor }, scores };
}

/** None where there is no anchor to be weighed against. */
function weighedDay({ actual, network, view: { anchor, rhythmFactor } }: NetworkForecast): WeighedDay[] {
  if (anchor === null) return [];
  const own = deviationOf(network) * rhythmFactor;
  return [
    {
      actual: (actual - anchor.mean) / anchor.spread,
      dof: anchor.dof,
      logRatio: Math.log(own / deviationOf(anchor)),
    },
  ];
}

/**
 * The forecast's distributions, one a day ahead, as calibrated.
 * @param network the network's, one for each of its days ahead.
 * @param prices the window they were made from, or more; only the last `spec.window` are read.
 * @param until days ahead wanted; without an anchor that reaches so far, those of the network are all there are.
 */
export function applyCalibration(
  network: readonly ChangeDistribution[],
  calibration: Calibration,
  prices: Prices,
  spec: ModelSpec,
  until = spec.horizon,
): ChangeDistribution[] {
  const { horizons, weight = 0 } = calibration;
  const { horizon } = spec;
  return viewOf(calibration, prices, spec, reachOf(calibration, network.length, until)).map((view, i) => {
    if (i >= horizon) {
      // Beyond the network's last day its say fades as that day's share of all.
      const last = ahead(network, horizon);
      const grown = { ...last, spread: last.spread * Math.sqrt((i + 1) / horizon) };
      return combine(grown, view, { ...ahead(horizons, horizon), weight: (weight * horizon) / (i + 1) });
    }
    const { shrinkage, spreadFactor } = ahead(horizons, i + 1);
    const { mean, spread, dof } = combine(ahead(network, i + 1), view, { shrinkage, weight });
    return { mean, spread: spreadFactor * spread, dof };
  });
}

function reachOf({ anchor }: Calibration, ofNetwork: number, until: number): number {
  return anchor !== null && 'closes' in anchor ? Math.min(until, FURTHEST_KNOT) : ofNetwork;
}
