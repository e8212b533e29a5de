import { ShepherdError } from '../errors.ts';
import type { ChangeDistribution, Predictor } from '../model/network.ts';
import type { ModelSpec } from '../model/spec.ts';
import { paired } from '../paired.ts';
import { lastValues } from '../series/price.ts';
import { toChanges } from '../series/transform.ts';
import { ahead } from './ahead.ts';
import { anchorDistributions, fitAnchor, type Anchor } from './anchor.ts';
import { startBand, type BandState } from './band.ts';
import { fitRhythm, rhythmFactors, type Rhythm } from './rhythm.ts';
import type { PastForecast } from './pastForecast.ts';
import { poolDistributions } from './pool.ts';
import { chooseShrinkage } from './shrinkage.ts';
import { chooseSpreadFactor } from './spreadFactor.ts';

/** What the validation days taught about forecasts `h` days ahead. */
export interface HorizonCalibration {
  /** Factor on the network's mean, 0 (nothing of it is believed) to 1 (as the network says). */
  readonly shrinkage: number;
  /** Factor on the pooled spread. */
  readonly spreadFactor: number;
}

/** Plain JSON, stored with the model. Element h - 1 of `horizons` is for h days ahead. */
export interface Calibration {
  /** Null where no volatility model could be fitted: the network then stands alone. */
  readonly anchor: Anchor | null;
  /** Null where the series has none. */
  readonly rhythm: Rhythm | null;
  readonly horizons: readonly HorizonCalibration[];
  /** State of the bands after the validation days. */
  readonly band: BandState;
  /** Validation days it rests on. */
  readonly days: number;
}

/** Level indexes [from, to). */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** Fewer validation days than this say nothing about a tail of 10 %. */
const LEAST_DAYS = 30;

/**
 * Learns the anchor from the days before `validation`, and shrinkage, spread factor and the bands' scores from `validation`,
 * days that trained no weights. Nothing after `validation.to` is read.
 *
 * @param closes the whole series, or as much as is known, oldest first.
 * @param classic what `learnClassic` gives for the same arguments, where several networks share it.
 * @throws ShepherdError TOO_FEW_VALUES when the range is short or its first window does not fit.
 */
export function calibrate(
  predictor: Predictor,
  closes: Float64Array,
  validation: IndexRange,
  classic: Classic = learnClassic(closes, validation, predictor.spec),
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
  const known = closes.subarray(0, validation.to);
  const changes = toChanges(known, spec.transform);
  const days = predictor
    .predictRange(known, from, validation.to - 1)
    .map((network, i) => ({ network, views: viewOf(classic, known.subarray(0, from + i + 1), spec) }));
  const horizons: HorizonCalibration[] = [];
  const scores: number[][] = [];
  for (let h = 1; h <= spec.horizon; h += 1) {
    const actuals = cumulativeChanges(changes, from, validation.to - h, h);
    const trials = paired(actuals, days.slice(0, actuals.length)).map(([actual, day]) => ({
      actual,
      network: ahead(day.network, h),
      view: ahead(day.views, h),
    }));
    const fitted = calibrateHorizon(trials, h);
    horizons.push(fitted.horizon);
    scores.push(fitted.scores);
  }
  return { ...classic, horizons, band: startBand(scores), days: count };
}

/** Learns the part of a calibration that needs no network, from the days before `validation` less the horizon. */
export function learnClassic(closes: Float64Array, validation: IndexRange, { transform, horizon }: ModelSpec): Classic {
  const learnt = toChanges(closes.subarray(0, Math.max(0, validation.from - horizon)), transform);
  return { anchor: fitAnchor(learnt), rhythm: fitRhythm(learnt) };
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
): { horizon: HorizonCalibration; scores: number[] } {
  const combined = (shrinkage: number): PastForecast[] =>
    trials.map(({ actual, network, view }) => ({ actual, forecast: combine(network, view, shrinkage) }));
  const shrinkage = chooseShrinkage(
    combined(0),
    trials.map(({ network }) => network.mean),
    h,
  );
  const shrunk = combined(shrinkage);
  const spreadFactor = chooseSpreadFactor(shrunk);
  const scores = shrunk.map(
    ({ actual, forecast }) => Math.abs(actual - forecast.mean) / (spreadFactor * forecast.spread),
  );
  return { horizon: { shrinkage, spreadFactor }, scores };
}

/**
 * The network's distributions, one a day ahead, as calibrated.
 * @param closes the window they were made from, or more; only the last `spec.window` are read.
 */
export function applyCalibration(
  distributions: readonly ChangeDistribution[],
  calibration: Calibration,
  closes: ArrayLike<number>,
  spec: ModelSpec,
): ChangeDistribution[] {
  const views = viewOf(calibration, closes, spec);
  return distributions.map((distribution, i) => {
    const { shrinkage, spreadFactor } = ahead(calibration.horizons, i + 1);
    const { mean, spread, dof } = combine(distribution, ahead(views, i + 1), shrinkage);
    return { mean, spread: spreadFactor * spread, dof };
  });
}

/** What is learnt of a series without a network. */
export type Classic = Pick<Calibration, 'anchor' | 'rhythm'>;

/** What the classic part says of one day ahead. */
interface ClassicView {
  readonly anchor: ChangeDistribution | null;
  readonly rhythmFactor: number;
}

/** For each day ahead; from the same window as the network's forecast and nothing before it. */
function viewOf(
  { anchor, rhythm }: Classic,
  closes: ArrayLike<number>,
  { window, transform, horizon }: ModelSpec,
): ClassicView[] {
  const changes = toChanges(lastValues(closes, window), transform);
  const anchored = anchor === null ? null : anchorDistributions(anchor, changes, horizon);
  const factors = rhythm === null ? null : rhythmFactors(rhythm, changes, horizon);
  return Array.from({ length: horizon }, (_, h) => ({
    anchor: anchored?.[h] ?? null,
    rhythmFactor: factors?.[h] ?? 1,
  }));
}

function combine(
  network: ChangeDistribution,
  { anchor, rhythmFactor }: ClassicView,
  shrinkage: number,
): ChangeDistribution {
  const { mean, spread, dof } = poolDistributions(network, anchor, shrinkage);
  return { mean, spread: rhythmFactor * spread, dof };
}
