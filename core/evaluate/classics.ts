import { crpsStudentT } from '../metrics/crps.ts';
import { paired } from '../paired.ts';
import type { Series } from '../series/price.ts';
import { toChanges, type Transform } from '../series/transform.ts';
import { filterVariance, fitGarch } from '../stats/garch.ts';
import type { Fold } from './folds.ts';

/** Classic volatility models that a network has to beat to be worth its keep. */
export const CLASSICS = { 'garch-t': { asymmetric: false }, 'gjr-garch-t': { asymmetric: true } } as const;

export type ClassicName = keyof typeof CLASSICS;

/**
 * CRPS, one day ahead, of a GARCH(1,1) or GJR-GARCH(1,1) with Student-t innovations and a constant mean for each day of the
 * fold. Fitted on what the fold's network knew (training and validation days); filtered over the whole past, each day from
 * the closes before it.
 */
export function scoreClassic(classic: ClassicName, series: Series, fold: Fold, transform: Transform): number[] {
  const changes = toChanges(series.closes.subarray(0, fold.test.to), transform);
  const { parameters } = fitGarch(changes.subarray(0, fold.known - 1), {
    distribution: 't',
    meanModel: 'constant',
    ...CLASSICS[classic],
  });
  const { variances } = filterVariance(parameters, changes);
  const dof = parameters.degreesOfFreedom ?? Infinity;
  const scale = dof === Infinity ? 1 : Math.sqrt((dof - 2) / dof);
  // The change that leads to level t has index t - 1, and its variance rests on the changes before it.
  return paired(changes, variances)
    .slice(fold.test.from - 1)
    .map(([change, variance]) => crpsStudentT(parameters.constant, scale * Math.sqrt(variance), dof, change));
}
