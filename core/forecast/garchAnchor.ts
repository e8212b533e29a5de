import type { ChangeDistribution } from '../model/network.ts';
import { filterVariance, persistence, type GarchParameters } from '../stats/garch.ts';

/** What models stored before version 2 of the calibration are pooled with: a GJR-GARCH(1,1)-t. They go on forecasting as they did. */
export interface GarchAnchor {
  readonly parameters: GarchParameters;
}

/**
 * The anchor's forecast of the cumulative change over 1…horizon days after the last of `changes`, from these changes alone:
 * expected variances of the days ahead add up, the tail is that of one day.
 */
export function garchDistributions(anchor: GarchAnchor, changes: Float64Array, horizon: number): ChangeDistribution[] {
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
