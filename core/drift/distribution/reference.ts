import { seedFrom } from '../../random.ts';
import type { Changes } from '../../series/transform.ts';
import type { GarchParameters } from '../../stats/garch.ts';
import { WATCHES, type Budget } from '../budget.ts';
import { calibrateWatch, type WatchCurves } from '../sequential/calibrateWatch.ts';
import { limitOf } from '../sequential/limits.ts';
import { MINIMUM_CURRENT, type DriftSetting } from '../setting.ts';
import { simulateNull, tailProbability } from './nullDistribution.ts';
import { fitQuietModel, quietModelOf } from './quietModel.ts';

/**
 * All that a daily check needs to know about the reference, computed once when the reference changes (about 0.4 s) and stored
 * beside the model version as JSON (about 20 KB). Belongs to the exact values it was made from: `digest` says which.
 */
export interface DriftReference {
  readonly digest: string;
  readonly size: number;
  readonly setting: DriftSetting;
  readonly parameters: GarchParameters;
  /** KS distances of full windows without drift, ascending. */
  readonly nullDistances: readonly number[];
  /** How rare each level of what is watched is; `null` for single checks, whose threshold is the level itself. */
  readonly curves: WatchCurves | null;
}

/**
 * Fits the quiet model of `reference` and learns how rare each level of what is watched is. Deterministic in (reference, setting, seed).
 * @param reference changes that nothing stands against (`obstacleOfReference`).
 * @throws ShepherdError TOO_FEW_VALUES, INVALID_INPUT as `fitGarch`.
 */
export function fitReference(reference: Changes, setting: DriftSetting, seed: number): DriftReference {
  const model = fitQuietModel(reference);
  const sizes = { reference: reference.length, window: setting.windowDays };
  const distances = simulateNull(model, sizes, seedFrom(seed, 'null'));
  const watched = { referenceDays: reference.length, windowDays: setting.windowDays, minimumDays: MINIMUM_CURRENT };
  return {
    digest: digestOf(reference),
    size: reference.length,
    setting,
    parameters: model.parameters,
    nullDistances: Array.from(distances),
    curves: setting.rule.kind === 'level' ? null : calibrateWatch(model, watched, seedFrom(seed, 'watch')),
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

/** The p-value at which a window of `size` days alarms, and the distance that has it. */
export interface Threshold {
  readonly probability: number;
  readonly distance: number;
}

/** @param budget what the check may spend. @param curves of the reference, which has `m` days. */
export function thresholdFor(
  { curves, m }: { readonly curves: WatchCurves; readonly m: number },
  nullDistances: ArrayLike<number>,
  size: number,
  budget: Budget,
): Threshold {
  const distance = Math.sqrt(limitOf(curves, 'ks', budget) / ((m * size) / (m + size)));
  return { distance, probability: tailProbability(nullDistances, distance) };
}

/** Whether a stored fit was made from exactly these values under this setting. */
export function belongsTo(fitted: DriftReference, reference: Changes, setting: DriftSetting): boolean {
  // A fit of an earlier kind has no curves, not even none, or not of all that is watched.
  const { curves } = fitted as Partial<DriftReference>;
  const isWhole =
    curves === null || (curves !== undefined && WATCHES.every((watch) => Object.hasOwn(curves.tails, watch)));
  return isWhole && fitted.digest === digestOf(reference) && isSameSetting(fitted.setting, setting);
}

/** Whether two fits are of the same values under the same setting. */
export function isSameFit(a: DriftReference, b: DriftReference): boolean {
  return a.digest === b.digest && isSameSetting(a.setting, b.setting);
}

type FitSetting = Pick<DriftSetting, 'windowDays' | 'rule'>;

function isSameSetting(a: FitSetting, b: FitSetting): boolean {
  // How often, or at which level, is asked of a fit later.
  return a.windowDays === b.windowDays && a.rule.kind === b.rule.kind;
}

/** Fingerprint of the exact values (FNV-1a over their bits, 32 at a time), to tell stored fits apart: not for security. */
function digestOf(reference: Changes): string {
  let hash = 0x811c9dc5 ^ reference.length;
  for (const word of new Uint32Array(reference.slice().buffer)) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
