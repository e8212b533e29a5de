import { seedFrom } from '../../random.ts';
import { DATA_SHARES } from '../budget.ts';
import type { Changes } from '../../series/transform.ts';
import { kolmogorovSmirnov } from '../../stats/ks.ts';
import { blockBootstrapP } from './bootstrap.ts';
import { nameCause, weighEvidence } from './cause.ts';
import { simulateNull, tailProbability } from './nullDistribution.ts';
import { findObstacle, undetermined } from './obstacle.ts';
import { fitQuietModel, quietModelOf, type QuietModel } from './quietModel.ts';
import { belongsTo, fitReference, nullDistancesFor, thresholdFor, type DriftReference } from './reference.ts';
import type { DriftCause, DriftEvidence, DriftReport } from './report.ts';
import { parseDriftSetting, type DriftSetting } from '../setting.ts';
import { comparedP, fixed, percent } from '../../prose/figures.ts';

export interface DriftInput {
  /** Changes up to the end of the champion's reference, oldest first; the last `setting.referenceDays` of them are used. */
  readonly reference: Changes;
  /** Changes after it, oldest first; the last `setting.windowDays` of them are used. */
  readonly current: Changes;
  readonly setting: DriftSetting;
  readonly seed: number;
  /** A stored `fitReference` of the same reference; without it, or if it belongs to other values or settings, the fit is made anew. */
  readonly fitted?: DriftReference;
  /** Series among which the setting's needless retrains are shared; 1 when left out. */
  readonly flock?: number;
  /** Nothing else watches: all of the setting's budget is for this check. */
  readonly isAlone?: boolean;
}

/** How far above the threshold the second opinion and the evidence are still worth their time. */
const NEAR_THRESHOLD = 2;

/**
 * Has the distribution of daily changes moved away from the reference? Two-sample KS, its p-value calibrated for dependence.
 * Deterministic in its input. Windows that cannot be compared (too short, constant, like levels) are `undetermined`.
 * @throws ShepherdError INVALID_INPUT for values that are not finite, INVALID_CONFIG for the setting.
 */
export function assessDrift(input: DriftInput): DriftReport {
  const setting = parseDriftSetting(input.setting);
  const reference = lastOf(input.reference, setting.referenceDays);
  const current = lastOf(input.current, setting.windowDays);
  const obstacle = findObstacle(reference, current);
  if (obstacle !== null) return undetermined(reference, current, obstacle);

  const { statistic, pValue, method } = kolmogorovSmirnov(reference, current);
  const quiet = calibrateQuiet(input, reference, current.length);
  const { threshold, limit } = quiet;
  const calibratedP = tailProbability(quiet.distances, statistic);
  const shown = comparedP(calibratedP, threshold, 2);
  const comparison = shown.equal
    ? `calibrated p ${shown.first}, equal to the threshold`
    : `calibrated p ${shown.first} against a threshold of ${shown.second}`;
  const figures = {
    statistic,
    rawP: pValue,
    rawMethod: method,
    calibratedP,
    bootstrapP: null,
    threshold,
    referenceSize: reference.length,
    currentSize: current.length,
    limit,
  };
  const stable = { ...figures, verdict: 'stable', cause: null, reason: `No drift: ${comparison}.` } as const;
  if (calibratedP > NEAR_THRESHOLD * threshold) return { ...stable, evidence: null };

  const evidence = weighEvidence(quiet.model(), reference, current, input.seed);
  const bootstrapP = blockBootstrapP(reference, current.length, statistic, seedFrom(input.seed, 'blocks'));
  if (calibratedP > threshold) return { ...stable, bootstrapP, evidence };
  const cause = nameCause(evidence);
  const reason = `Drift: ${describeCause(cause, evidence)}, ${comparison}.`;
  return { ...figures, bootstrapP, verdict: 'drifted', cause, evidence, reason };
}

/** What the observed distance is compared with. */
interface QuietDistances {
  readonly model: () => QuietModel;
  /** KS distances without drift, ascending. */
  readonly distances: ArrayLike<number>;
  readonly threshold: number;
  readonly limit: number | null;
}

/** From the stored fit, or made now. */
function calibrateQuiet(input: DriftInput, reference: Changes, size: number): QuietDistances {
  const { setting, seed } = input;
  const stored = input.fitted !== undefined && belongsTo(input.fitted, reference, setting) ? input.fitted : undefined;
  if (stored === undefined && setting.rule.kind === 'level') {
    const model = fitQuietModel(reference);
    const sizes = { reference: reference.length, window: size };
    const stream = size === setting.windowDays ? seedFrom(seed, 'null') : seedFrom(seed, 'null', size);
    return {
      model: () => model,
      distances: simulateNull(model, sizes, stream),
      threshold: setting.rule.level,
      limit: null,
    };
  }
  const fitted = stored ?? fitReference(reference, setting, seed);
  const distances = nullDistancesFor(fitted, reference, size, seed);
  const model = (): QuietModel => quietModelOf(fitted.parameters, reference);
  const { curves } = fitted;
  if (setting.rule.kind === 'level' || curves === null) {
    const level = setting.rule.kind === 'level' ? setting.rule.level : 0;
    return { model, distances, threshold: level, limit: null };
  }
  // Its share of the budget, or all of it where nothing else watches.
  const series = (input.flock ?? 1) * (input.isAlone === true ? DATA_SHARES.ks : 1);
  const budget = { everyDays: setting.rule.everyDays, series };
  const { probability, distance } = thresholdFor({ curves, m: reference.length }, distances, size, budget);
  return { model, distances, threshold: probability, limit: distance };
}

/** The part of a reference or of the days after it that a check looks at. */
export function lastOf(changes: Changes, count: number): Changes {
  return changes.subarray(Math.max(0, changes.length - count)) as Changes; // a part of changes is changes
}

function describeCause(cause: DriftCause, evidence: DriftEvidence): string {
  switch (cause) {
    case 'mean':
      return `the mean moved by ${fixed(evidence.meanShift, 2)} standard deviations`;
    case 'volatility':
      return `volatility is ${fixed(evidence.volatilityRatio, 2)} times the reference's`;
    case 'shape':
      return 'the shape of the distribution changed while mean and volatility did not';
    case 'feed':
      return `${percent(evidence.unchangedShare, 0)} of the days show no change at all`;
  }
}
