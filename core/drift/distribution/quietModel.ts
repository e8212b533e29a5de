/* eslint-disable @typescript-eslint/no-non-null-assertion -- there is a variance a residual, and `random` is below 1, so that a drawn index is below the length */
import { standardised } from '../../stats/standardised.ts';
import type { RandomSource } from '../../random.ts';
import type { Changes } from '../../series/transform.ts';
import { filterVariance, fitGarch, type GarchParameters, type GarchSpec } from '../../stats/garch.ts';

/** A model of the reference with its own residuals: what more of the same would look like. */
export interface QuietModel {
  readonly parameters: GarchParameters;
  /** Standardised residuals of the reference, recentred to mean 0 and variance 1. */
  readonly innovations: Float64Array;
  /** Conditional variances met in the reference: where a simulated history may start. */
  readonly variances: Float64Array;
}

export const QUIET_SPEC: GarchSpec = { distribution: 'normal', asymmetric: false, meanModel: 'ar1' };

/** AR(1)-GARCH(1,1) by (quasi) maximum likelihood: the normal likelihood is consistent for other tails as well (Bollerslev & Wooldridge 1992). */
export function fitQuietModel(reference: Changes): QuietModel {
  const { parameters } = fitGarch(reference, QUIET_SPEC);
  return quietModelOf(parameters, reference);
}

/** The model again from stored parameters and the same reference. */
export function quietModelOf(parameters: GarchParameters, reference: Changes): QuietModel {
  const { residuals, variances } = filterVariance(parameters, reference);
  const { values: innovations } = standardised(residuals.map((residual, t) => residual / Math.sqrt(variances[t]!)));
  return { parameters, innovations, variances };
}

/**
 * Filtered historical simulation (Barone-Adesi, Giannopoulos & Vosper 1999): one more history of `length` days,
 * the fitted dynamics driven by residuals drawn with replacement, started from a variance the reference has seen.
 */
export function simulateHistory(model: QuietModel, length: number, random: RandomSource): Float64Array {
  const { constant, ar, omega, alpha, beta } = model.parameters;
  const { innovations, variances } = model;
  const history = new Float64Array(length);
  let variance = variances[Math.floor(random() * variances.length)]!;
  let value = constant / (1 - ar);
  for (let t = 0; t < length; t += 1) {
    const residual = Math.sqrt(variance) * innovations[Math.floor(random() * innovations.length)]!;
    value = constant + ar * value + residual;
    history[t] = value;
    variance = omega + alpha * residual * residual + beta * variance;
  }
  return history;
}
