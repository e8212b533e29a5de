import type { ChangeDistribution } from '../model/network.ts';

/** What the validation days say the network is worth. */
export interface NetworkWorth {
  /** Factor on its mean. */
  readonly shrinkage: number;
  /** How far the spread moves from the anchor's (0) to the network's (1). */
  readonly weight: number;
}

/**
 * The anchor, corrected by the network as far as it has earned: weighted geometric mean of the standard deviations, the anchor's tail,
 * and its mean plus the shrunk part of the network's.
 */
export function poolDistributions(
  network: ChangeDistribution,
  anchor: ChangeDistribution,
  { shrinkage, weight }: NetworkWorth,
): ChangeDistribution {
  const ratio = weight === 0 ? 1 : (deviationOf(network) / deviationOf(anchor)) ** weight;
  return { mean: anchor.mean + shrinkage * network.mean, spread: ratio * anchor.spread, dof: anchor.dof };
}

/** Network and GARCH model at equal weight, as models stored before version 2 of the calibration forecast. */
export function poolWithGarch(
  network: ChangeDistribution,
  garch: ChangeDistribution,
  shrinkage: number,
): ChangeDistribution {
  const deviation = Math.sqrt(deviationOf(network) * deviationOf(garch));
  const dof = 2 / (1 / network.dof + 1 / garch.dof);
  return {
    mean: garch.mean / 2 + shrinkage * network.mean,
    spread: dof === Infinity ? deviation : deviation * Math.sqrt((dof - 2) / dof),
    dof,
  };
}

/** Standard deviation; `dof` above 2. */
export function deviationOf({ spread, dof }: ChangeDistribution): number {
  return dof === Infinity ? spread : spread * Math.sqrt(dof / (dof - 2));
}
