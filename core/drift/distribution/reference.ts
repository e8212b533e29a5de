import { seedFrom } from '../../random.ts';
import type { Changes } from '../../series/transform.ts';
import type { GarchParameters } from '../../stats/garch.ts';
import { simulateNull, tailShare } from './nullDistribution.ts';
import { fitQuietModel, quietModelOf } from './quietModel.ts';
import { criticalDistance, expectedDelay } from './runLength.ts';
import { MINIMUM_CURRENT, type AlarmRule, type DriftSetting } from '../setting.ts';

/**
 * All that a daily check needs to know about the reference, computed once when the reference changes (about 60 ms) and stored
 * beside the model version as JSON (about 10 KB). Belongs to the exact values it was made from: `digest` says which.
 */
export interface DriftReference {
  readonly digest: string;
  readonly size: number;
  readonly setting: DriftSetting;
  readonly parameters: GarchParameters;
  /** KS distances of full windows without drift, ascending. */
  readonly nullDistances: readonly number[];
  /** Alarm from this value of D sqrt(mn / (m + n)) on; `null` for a single check, whose threshold is the level itself. */
  readonly criticalScaled: number | null;
  /** Probability threshold of a full window. */
  readonly threshold: number;
  readonly expectedDelayDays: number | null;
}

/** The change whose expected delay stands beside the setting. */
const DELAY_FACTOR = 2;

/**
 * Fits the quiet model of `reference` and calibrates the daily threshold. Deterministic in (reference, setting, seed).
 * @param reference changes that nothing stands against (`obstacleOfReference`).
 * @throws ShepherdError TOO_FEW_VALUES, INVALID_INPUT as `fitGarch`.
 */
export function fitReference(reference: Changes, setting: DriftSetting, seed: number): DriftReference {
  const model = fitQuietModel(reference);
  const sizes = { reference: reference.length, window: setting.windowDays };
  const distances = simulateNull(model, sizes, seedFrom(seed, 'null'));
  const base = {
    digest: digestOf(reference),
    size: reference.length,
    setting,
    parameters: model.parameters,
    nullDistances: Array.from(distances, (distance) => Number(distance.toFixed(6))),
  };
  if (setting.rule.kind === 'level') {
    return { ...base, criticalScaled: null, threshold: setting.rule.level, expectedDelayDays: null };
  }
  const watch = {
    everyDays: setting.rule.everyDays,
    windowDays: setting.windowDays,
    minimumDays: MINIMUM_CURRENT,
    referenceDays: reference.length,
  };
  const criticalScaled = criticalDistance(model, watch, seedFrom(seed, 'run length'));
  return {
    ...base,
    criticalScaled,
    threshold: tailShare(distances, unscale(criticalScaled, sizes.reference, sizes.window)),
    expectedDelayDays: expectedDelay(model, watch, criticalScaled, DELAY_FACTOR, seedFrom(seed, 'delay')),
  };
}

/** The distances without drift for a window of `size` days: the stored ones, or simulated again for a window still filling. */
export function nullDistancesFor(
  fitted: DriftReference,
  reference: Changes,
  size: number,
  seed: number,
): readonly number[] {
  if (size === fitted.setting.windowDays) return fitted.nullDistances;
  const model = quietModelOf(fitted.parameters, reference);
  return Array.from(simulateNull(model, { reference: reference.length, window: size }, seedFrom(seed, 'null', size)));
}

/** The p-value at which a window of `size` days alarms. */
export function thresholdFor(fitted: DriftReference, nullDistances: readonly number[], size: number): number {
  if (fitted.criticalScaled === null || size === fitted.setting.windowDays) return fitted.threshold;
  return tailShare(nullDistances, unscale(fitted.criticalScaled, fitted.size, size));
}

/** Whether a stored fit was made from exactly these values under this setting. */
export function belongsTo(fitted: DriftReference, reference: Changes, setting: DriftSetting): boolean {
  return fitted.digest === digestOf(reference) && isSameSetting(fitted.setting, setting);
}

/** Whether two fits are of the same values under the same setting. */
export function isSameFit(a: DriftReference, b: DriftReference): boolean {
  return a.digest === b.digest && isSameSetting(a.setting, b.setting);
}

type FitSetting = Pick<DriftSetting, 'windowDays' | 'rule'>;

function isSameSetting(a: FitSetting, b: FitSetting): boolean {
  return a.windowDays === b.windowDays && isSameRule(a.rule, b.rule);
}

function isSameRule(a: AlarmRule, b: AlarmRule): boolean {
  if (a.kind === 'level') return b.kind === 'level' && a.level === b.level;
  return b.kind === 'false-alarms' && a.everyDays === b.everyDays;
}

/** Fingerprint of the exact values (FNV-1a over their bits, 32 at a time), to tell stored fits apart: not for security. */
function digestOf(reference: Changes): string {
  let hash = 0x811c9dc5 ^ reference.length;
  for (const word of new Uint32Array(reference.slice().buffer)) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function unscale(scaled: number, m: number, n: number): number {
  return scaled / Math.sqrt((m * n) / (m + n));
}
