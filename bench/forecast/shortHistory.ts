import { distributionAt, fitScaleModel, viewPrices } from '../../core/forecast/scale/scaleModel.ts';
import { naiveRange } from '../../core/forecast/naive.ts';
import { crpsNormal, crpsStudentT } from '../../core/metrics/crps.ts';
import { slicePrices, type Series } from '../../core/series/price.ts';
import { toChanges, type Transform } from '../../core/series/transform.ts';
import { filterVariance, fitGarch } from '../../core/stats/garch.ts';
import { ratioOf, type Ratio } from './variants.ts';

const [FIRST, LAST, REFIT] = [62, 250, 10];

/** The first 250 days of a series: from its 62nd close on, fitted every ten days on what there is; beside GARCH-t of the same days. */
export function walkShort(series: Series, transform: Transform): { readonly own: Ratio; readonly garch: Ratio } {
  const end = Math.min(LAST, series.closes.length - 1);
  const changes = toChanges(series.closes.subarray(0, end + 1), transform);
  const naive = naiveRange(series.closes, transform, 1, 0, end).map(([day]) => day?.spread ?? 0);
  const own: number[] = [];
  const garch: number[] = [];
  const ewma: number[] = [];
  for (let from = FIRST; from < end; from += REFIT) {
    const known = slicePrices(series, 0, from);
    const model = fitScaleModel(known, transform, null);
    if (model === null) continue;
    const fit = fitGarch(changes.subarray(0, from - 1), {
      distribution: 't',
      asymmetric: false,
      meanModel: 'constant',
    });
    const dof = fit.parameters.degreesOfFreedom ?? Infinity;
    for (let seen = from; seen < Math.min(end, from + REFIT); seen += 1) {
      const change = changes[seen - 1] ?? 0;
      const {
        mean,
        spread,
        dof: tail,
      } = distributionAt(viewPrices(model, slicePrices(series, 0, seen), transform, null), 1);
      own.push(crpsStudentT(mean, spread, tail, change));
      const { nextVariance } = filterVariance(fit.parameters, changes.subarray(0, seen - 1));
      const scale = dof === Infinity ? 1 : (dof - 2) / dof;
      garch.push(crpsStudentT(fit.parameters.constant, Math.sqrt(scale * nextVariance), dof, change));
      ewma.push(crpsNormal(0, naive[seen - 1] ?? 0, change));
    }
  }
  return { own: ratioOf(own, ewma), garch: ratioOf(garch, ewma) };
}
