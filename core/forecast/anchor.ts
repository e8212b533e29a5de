import type { ChangeDistribution } from '../model/network.ts';
import { fitGarch, filterVariance, persistence, vary, type GarchParameters } from '../stats/garch.ts';

/** A classic volatility model fitted on the training days, which the network's forecast is pooled with. Plain JSON. */
export interface Anchor {
  readonly parameters: GarchParameters;
}

/** Changes the fit uses at most, the latest: twenty trading years. */
const MOST_CHANGES = 5000;

/** Fewer changes than this give no trustworthy volatility model. */
const LEAST_CHANGES = 200;

/**
 * GJR-GARCH(1,1) with Student-t innovations and a constant mean (Glosten, Jagannathan & Runkle 1993; Bollerslev 1987) by
 * maximum likelihood; null where the changes are too few or never move.
 */
export function fitAnchor(changes: Float64Array): Anchor | null {
  const recent = changes.subarray(Math.max(0, changes.length - MOST_CHANGES));
  if (recent.length < LEAST_CHANGES || !vary(recent)) return null;
  const fit = fitGarch(recent, { distribution: 't', asymmetric: true, meanModel: 'constant' });
  return { parameters: fit.parameters };
}

/**
 * The anchor's forecast of the cumulative change over 1…horizon days after the last of `changes`, from these changes alone:
 * expected variances of the days ahead add up, the tail is that of one day.
 */
export function anchorDistributions(anchor: Anchor, changes: Float64Array, horizon: number): ChangeDistribution[] {
  const { parameters } = anchor;
  const dof = parameters.degreesOfFreedom ?? Infinity;
  const scale = dof === Infinity ? 1 : Math.sqrt((dof - 2) / dof);
  const kept = persistence(parameters);
  let daily = filterVariance(parameters, changes).nextVariance;
  let total = 0;
  return Array.from({ length: horizon }, (_, h) => {
    total += daily;
    daily = parameters.omega + kept * daily;
    return { mean: (h + 1) * parameters.constant, spread: scale * Math.sqrt(total), dof };
  });
}
