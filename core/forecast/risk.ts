import type { ChangeDistribution } from '../model/network.ts';
import { studentTCdf, studentTDensity, upperQuantile } from '../stats/studentT.ts';

/** What may be lost over the days of a forecast, as changes (of logarithm, or of level): losses are negative. */
export interface TailRisk {
  /** Probability of the tail: .01, .025 or .05. */
  readonly level: number;
  /** The change that is undercut with that probability. */
  readonly valueAtRisk: number;
  /** Mean of the changes below it. */
  readonly expectedShortfall: number;
}

/** The levels of market-risk rules: .01 and .025 of Basel, .05 of most desks. */
export const RISK_LEVELS = [0.01, 0.025, 0.05] as const;

/** Quantile and mean of the lower tail of a Student-t (McNeil, Frey & Embrechts 2015, section 2.3.4). `level` above 0, below .5. */
export function tailRisk({ mean, spread, dof }: ChangeDistribution, level: number): TailRisk {
  const z = -upperQuantile(1 - level, dof);
  const beyond = dof === Infinity ? 1 : (dof + z * z) / (dof - 1);
  const shortfall = (studentTDensity(z, dof) / studentTCdf(z, dof)) * beyond;
  return { level, valueAtRisk: mean + spread * z, expectedShortfall: mean - spread * shortfall };
}
