import { seedFrom } from '../../random.ts';
import type { Changes } from '../../series/transform.ts';
import { kolmogorovSmirnov } from '../../stats/ks.ts';
import { blockBootstrapP } from './bootstrap.ts';
import { nameCause, weighEvidence } from './cause.ts';
import type { FeedFault } from '../../feed/fault.ts';
import { refuseLevels } from './levelsGuard.ts';
import { simulateNull, tailShare } from './nullDistribution.ts';
import { fitQuietModel, quietModelOf, type QuietModel } from './quietModel.ts';
import { belongsTo, canFit, fitReference, nullDistancesFor, thresholdFor, type DriftReference } from './reference.ts';
import type { DriftCause, DriftEvidence, DriftReport } from './report.ts';
import { MINIMUM_CURRENT, MINIMUM_REFERENCE, parseDriftSetting, type DriftSetting } from '../setting.ts';

export interface DriftInput {
  /** Changes the champion was trained on, oldest first; the last `setting.referenceDays` of them are used. */
  readonly reference: Changes;
  /** Changes since then, oldest first; the last `setting.windowDays` of them are used. */
  readonly current: Changes;
  readonly setting: DriftSetting;
  readonly seed: number;
  /** A stored `fitReference` of the same reference; without it, or if it belongs to other values or settings, the fit is made anew. */
  readonly fitted?: DriftReference;
  /** Faults found in the bars of the current window. */
  readonly faults?: readonly FeedFault[];
}

/** How far above the threshold the second opinion and the evidence are still worth their time. */
const NEAR_THRESHOLD = 2;

/**
 * Has the distribution of daily changes moved away from the reference? Two-sample KS, its p-value calibrated for dependence.
 * Deterministic in its input.
 * @throws ShepherdError LEVELS_NOT_RETURNS for prices, INVALID_INPUT for values that are not finite, INVALID_CONFIG for the setting.
 */
export function assessDrift(input: DriftInput): DriftReport {
  const setting = parseDriftSetting(input.setting);
  const reference = lastOf(input.reference, setting.referenceDays);
  const current = lastOf(input.current, setting.windowDays);
  const faults = input.faults ?? [];
  const obstacle = findObstacle(reference, current);
  if (obstacle !== undefined) return undetermined(reference, current, obstacle);
  refuseLevels(reference, 'reference');
  refuseLevels(current, 'current');

  const { statistic, pValue, method } = kolmogorovSmirnov(reference, current);
  const { model, distances, threshold, expectedDelayDays } = calibrate(input, reference, current.length, statistic);
  const calibratedP = tailShare(distances, statistic);
  const drifted = calibratedP <= threshold;
  const near = calibratedP <= NEAR_THRESHOLD * threshold;
  const evidence = near ? weighEvidence(model(), reference, current, faults, input.seed) : null;
  const cause = drifted && evidence !== null ? nameCause(evidence) : faults.length > 0 ? 'feed' : null;
  return {
    statistic,
    rawP: pValue,
    rawMethod: method,
    calibratedP,
    bootstrapP: near ? blockBootstrapP(reference, current.length, statistic, seedFrom(input.seed, 'blocks')) : null,
    threshold,
    referenceSize: reference.length,
    currentSize: current.length,
    verdict: faults.length > 0 ? 'undetermined' : drifted ? 'drifted' : 'stable',
    cause,
    evidence,
    reason: reasonFor(cause, drifted, calibratedP, threshold, evidence, faults),
    expectedDelayDays,
  };
}

interface Calibration {
  readonly model: () => QuietModel;
  /** KS distances without drift, ascending. */
  readonly distances: ArrayLike<number>;
  readonly threshold: number;
  readonly expectedDelayDays: number | null;
}

/** Exceedances after which a single check stops simulating: its p-value is then known to about a seventh of itself. */
const ENOUGH_EXCEEDANCES = 50;

/** What the observed distance is compared with. A single check simulates no more than its own verdict needs. */
function calibrate(input: DriftInput, reference: Changes, size: number, observed: number): Calibration {
  const { setting, seed } = input;
  const stored = input.fitted !== undefined && belongsTo(input.fitted, reference, setting) ? input.fitted : undefined;
  if (stored === undefined && setting.rule.kind === 'level') {
    const model = fitQuietModel(reference);
    const sizes = { reference: reference.length, window: size };
    const distances = simulateNull(model, sizes, seedFrom(seed, 'null'), { observed, stopAt: ENOUGH_EXCEEDANCES });
    return { model: () => model, distances, threshold: setting.rule.level, expectedDelayDays: null };
  }
  const fitted = stored ?? fitReference(reference, setting, seed);
  const distances = nullDistancesFor(fitted, reference, size, seed);
  return {
    model: () => quietModelOf(fitted.parameters, reference),
    distances,
    threshold: thresholdFor(fitted, distances, size),
    expectedDelayDays: fitted.expectedDelayDays,
  };
}

function lastOf(changes: Changes, count: number): Changes {
  return changes.subarray(Math.max(0, changes.length - count)) as Changes; // a part of changes is changes
}

/** Why no verdict is possible, as a sentence. */
function findObstacle(reference: Changes, current: Changes): string | undefined {
  if (reference.length < MINIMUM_REFERENCE) {
    return `The reference has ${reference.length} changes; a verdict needs ${MINIMUM_REFERENCE}.`;
  }
  if (current.length < MINIMUM_CURRENT) {
    return `The current window has ${current.length} changes; a verdict needs ${MINIMUM_CURRENT}.`;
  }
  if (!canFit(reference)) return 'The reference never changes; nothing can be compared with it.';
  return undefined;
}

function undetermined(reference: Changes, current: Changes, reason: string): DriftReport {
  return {
    statistic: null,
    rawP: null,
    rawMethod: null,
    calibratedP: null,
    bootstrapP: null,
    threshold: null,
    referenceSize: reference.length,
    currentSize: current.length,
    verdict: 'undetermined',
    cause: null,
    evidence: null,
    reason,
    expectedDelayDays: null,
  };
}

function reasonFor(
  cause: DriftCause | null,
  drifted: boolean,
  calibratedP: number,
  threshold: number,
  evidence: DriftEvidence | null,
  faults: readonly FeedFault[],
): string {
  if (faults.length > 0) return `The window holds ${faults.length} faulty day(s) of the feed: ${faults[0]!.sentence}`;
  const comparison = `calibrated p ${calibratedP.toPrecision(2)} against a threshold of ${threshold.toPrecision(2)}`;
  if (!drifted || evidence === null) return `No drift: ${comparison}.`;
  const detail: Record<DriftCause, string> = {
    mean: `the mean moved by ${evidence.meanShift.toFixed(2)} standard deviations`,
    volatility: `volatility is ${evidence.volatilityRatio.toFixed(2)} times the reference's`,
    shape: 'the shape of the distribution changed while mean and volatility did not',
    feed: `${(100 * evidence.unchangedShare).toFixed(0)} % of the days show no change at all`,
    model: 'the model decayed',
  };
  return `Drift: ${cause === null ? '' : `${detail[cause]}, `}${comparison}.`;
}
