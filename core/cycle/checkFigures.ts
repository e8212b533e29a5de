import { assessDrift } from '../drift/distribution/assess.ts';
import { assessLossDrift, type LossDriftReport } from '../drift/loss/lossDrift.ts';
import { belongsTo, canFit, fitReference, type DriftReference } from '../drift/distribution/reference.ts';
import type { DriftReport } from '../drift/distribution/report.ts';
import type { DriftSetting } from '../drift/setting.ts';
import { atHorizon, scoreRange } from './heldOut.ts';
import { forecastLosses, naiveLosses } from './losses.ts';
import type { Calibration } from '../forecast/calibration.ts';
import { createPredictor } from '../model/infer.ts';
import type { Network } from '../model/network.ts';
import type { TradingDay } from '../series/day.ts';
import type { Series } from '../series/price.ts';
import { asChanges, toChanges, type Changes, type Transform } from '../series/transform.ts';

/** Plain values, so that the check can be made on another thread. */
export interface CheckInput {
  readonly network: Network;
  readonly calibration: Calibration;
  readonly series: Series;
  /** Last day the champion was trained on, and last day on which it was judged. */
  readonly trainedTo: TradingDay;
  readonly validatedTo: TradingDay;
  readonly reference: { readonly to: TradingDay; readonly fitted: DriftReference | null };
  readonly setting: DriftSetting;
  readonly seed: number;
}

export interface CheckFigures {
  readonly drift: DriftReport;
  readonly loss: LossDriftReport;
  /** The reference's fit, made now or earlier; null where there is too little to fit. */
  readonly fitted: DriftReference | null;
}

/** The latest changes against the champion's reference, and its live losses against its held-out ones. */
export function computeCheck(input: CheckInput): CheckFigures {
  const { series, reference, setting, seed, network } = input;
  const { before, after } = splitAt(series, reference.to, network.spec.transform);
  const fitted = fitOf(before, input);
  const drift = assessDrift({
    reference: before,
    current: after,
    setting,
    seed,
    ...(fitted === null ? {} : { fitted }),
  });
  return { drift, loss: checkLosses(input), fitted };
}

/** The champion's losses since it was last judged, against those on the unseen days up to then. */
function checkLosses({
  network,
  calibration,
  series,
  trainedTo,
  validatedTo,
  setting,
  seed,
}: CheckInput): LossDriftReport {
  const from = series.days.findIndex((day) => day > trainedTo);
  const model = { predictor: createPredictor(network), calibration, knownTo: trainedTo };
  const scores = from === -1 ? [] : atHorizon(scoreRange(model, series, from, series.days.length).scores, 1);
  const heldOut = scores.filter((score) => score.day <= validatedTo);
  const live = scores.filter((score) => score.day > validatedTo);
  return assessLossDrift({
    live: forecastLosses(live).crps,
    naiveLive: naiveLosses(live).crps,
    heldOut: forecastLosses(heldOut).crps,
    naiveHeldOut: naiveLosses(heldOut).crps,
    setting,
    seed,
  });
}

/** The changes that end on or before `to`, and those after it. */
function splitAt(series: Series, to: TradingDay, transform: Transform): { before: Changes; after: Changes } {
  const changes = toChanges(series.closes, transform);
  // Change k leads to day k + 1.
  const first = series.days.findIndex((day) => day > to);
  const cut = first === -1 ? changes.length : Math.max(0, first - 1);
  return { before: asChanges(changes.subarray(0, cut)), after: asChanges(changes.subarray(cut)) };
}

/** The stored fit while it belongs to these very days (a revised close makes it stale), else one made now; it costs most of a check. */
function fitOf(before: Changes, { reference: { fitted }, setting, seed }: CheckInput): DriftReference | null {
  const reference = asChanges(before.subarray(Math.max(0, before.length - setting.referenceDays)));
  if (fitted !== null && belongsTo(fitted, reference, setting)) return fitted;
  return canFit(reference) ? fitReference(reference, setting, seed) : null;
}
