/* eslint-disable @typescript-eslint/no-non-null-assertion -- there is a variance a residual, and the degrees tried are not empty */
import { standardised } from '../../stats/standardised.ts';
import { logPeak } from '../../stats/studentT.ts';
import type { Changes } from '../../series/transform.ts';
import { filterVariance, type GarchParameters } from '../../stats/garch.ts';

/** What turns the changes after a reference into standardised ones: mean 0, variance 1 and the reference's tail while nothing changes. */
export interface Standardiser {
  readonly parameters: GarchParameters;
  /** Mean and deviation of the reference's own innovations, which a fit leaves near 0 and 1. */
  readonly centre: number;
  readonly scale: number;
  /** Degrees of freedom of the innovations' tail, as a Student-t of unit variance. */
  readonly dof: number;
  /** The reference's standardised innovations, ascending. */
  readonly innovations: Float64Array;
  /** The reference's changes as they are, without the filter. */
  readonly level: { readonly mean: number; readonly deviation: number; readonly dof: number };
  /** Mean and variance of the first change after the reference. */
  readonly nextMean: number;
  readonly nextVariance: number;
}

/**
 * @param reference changes that nothing stands against, which `parameters` were fitted to.
 * @param tail degrees of freedom of the innovations where they are known.
 */
export function standardiserOf(parameters: GarchParameters, reference: Changes, tail?: number): Standardiser {
  const { residuals, variances, nextMean, nextVariance } = filterVariance(parameters, reference);
  const inner = standardised(residuals.map((residual, t) => residual / Math.sqrt(variances[t]!)));
  const outer = standardised(reference);
  const innovations = inner.values.sort();
  return {
    parameters,
    centre: inner.mean,
    scale: inner.deviation,
    dof: tail ?? tailOf(innovations),
    innovations,
    level: { mean: outer.mean, deviation: outer.deviation, dof: tailOf(outer.values.sort()) },
    nextMean,
    nextVariance,
  };
}

/** Tried as the tail: between an infinite fourth moment and hardly any difference from the normal. */
const DEGREES = [3, 3.5, 4, 5, 6, 8, 12, 20, 100] as const;

/** The likeliest of a few tails. @param innovations of mean 0 and variance 1. */
export function tailOf(innovations: Float64Array): number {
  const fits = DEGREES.map((dof) => ({
    dof,
    likelihood: innovations.length * logPeak(dof) - penalty(innovations, dof),
  }));
  return fits.reduce((best, each) => (each.likelihood > best.likelihood ? each : best)).dof;
}

function penalty(innovations: Float64Array, dof: number): number {
  let sum = 0;
  for (const value of innovations) sum += Math.log1p((value * value) / (dof - 2));
  return ((dof + 1) / 2) * sum;
}
