import { CLASSICS } from '../../core/evaluate/classics.ts';
import type { WalkedFold } from '../../core/evaluate/walkForward.ts';
import { RISK_LEVELS, tailRisk } from '../../core/forecast/risk.ts';
import { crpsStudentT } from '../../core/metrics/crps.ts';
import type { ChangeDistribution } from '../../core/model/network.ts';
import type { Series } from '../../core/series/price.ts';
import { toChanges, type Transform } from '../../core/series/transform.ts';
import { filterVariance, fitGarch } from '../../core/stats/garch.ts';
import { meanOf } from '../../core/stats/moments.ts';
import { normalCdf } from '../../core/stats/normal.ts';

/** A forecast one day ahead and the change that came. */
export interface RiskDay {
  readonly distribution: ChangeDistribution;
  readonly change: number;
}

export interface RiskBacktest {
  readonly level: number;
  readonly days: number;
  readonly exceedances: number;
  /** P of as uneven a share of exceedances (Kupiec 1995), and of share and clustering together (Christoffersen 1998). */
  readonly kupiec: number;
  readonly christoffersen: number;
  /** Second statistic of Acerbi & Székely (2014): 0 expected, below -.7 too little shortfall forecast (their 5 % limit). */
  readonly acerbiSzekely: number;
  /** Mean of the loss FZ0 of Patton, Ziegel & Chen (2019) of value at risk and expected shortfall together. */
  readonly fisslerZiegel: number;
}

export function backtestRisk(days: readonly RiskDay[]): RiskBacktest[] {
  return RISK_LEVELS.map((level) => {
    const rows = days.map(({ distribution, change }) => {
      const { valueAtRisk, expectedShortfall } = tailRisk(distribution, level);
      return { valueAtRisk, expectedShortfall, change, hit: change < valueAtRisk };
    });
    const hits = rows.map(({ hit }) => hit);
    const exceedances = hits.filter(Boolean).length;
    const n = rows.length;
    const uneven = 2 * (binomial(exceedances / n, exceedances, n) - binomial(level, exceedances, n));
    return {
      level,
      days: n,
      exceedances,
      kupiec: 2 * (1 - normalCdf(Math.sqrt(Math.max(0, uneven)))),
      christoffersen: Math.exp(-Math.max(0, uneven + clustering(hits)) / 2),
      acerbiSzekely:
        1 -
        rows.reduce((sum, { hit, change, expectedShortfall }) => sum + (hit ? change / expectedShortfall : 0), 0) /
          (n * level),
      fisslerZiegel: meanOf(
        rows.map(
          ({ hit, change, valueAtRisk: v, expectedShortfall: e }) =>
            (hit ? (change - v) / (level * e) : 0) + v / e + Math.log(-e) - 1,
        ),
      ),
    };
  });
}

/** Log-likelihood of so many of n at a rate; 0 log 0 is 0. */
function binomial(rate: number, count: number, n: number): number {
  const part = (k: number, p: number): number => (k === 0 ? 0 : k * Math.log(p));
  return part(count, rate) + part(n - count, 1 - rate);
}

/** Likelihood ratio of a hit's depending on one the day before. */
function clustering(hits: readonly boolean[]): number {
  const after = (before: boolean, now: boolean): number =>
    hits.filter((hit, i) => i > 0 && hit === now && hits[i - 1] === before).length;
  const [n00, n01, n10, n11] = [after(false, false), after(false, true), after(true, false), after(true, true)];
  const all = (n01 + n11) / (n00 + n01 + n10 + n11);
  return (
    2 *
    (binomial(n01 / Math.max(1, n00 + n01), n01, n00 + n01) +
      binomial(n11 / Math.max(1, n10 + n11), n11, n10 + n11) -
      binomial(all, n01 + n11, n00 + n01 + n10 + n11))
  );
}

/** Days a GJR-GARCH-t of the bench serves before it is fitted again, and the latest changes it is fitted on. */
const [REFIT, MOST_CHANGES] = [60, 5000];

/** GJR-GARCH-t refitted every 60 days, one day ahead: its distribution and CRPS for each day of the walk. */
export function refitGjr(
  series: Series,
  walked: readonly WalkedFold[],
  transform: Transform,
): (RiskDay & { crps: number })[] {
  const [first, last] = [walked[0]?.fold.test.from ?? 0, walked.at(-1)?.fold.test.to ?? 0];
  const changes = toChanges(series.closes, transform);
  const out: (RiskDay & { crps: number })[] = [];
  for (let from = first; from < last; from += REFIT) {
    const start = Math.max(0, from - 1 - MOST_CHANGES);
    const { parameters } = fitGarch(changes.subarray(start, from - 1), {
      distribution: 't',
      meanModel: 'constant',
      ...CLASSICS['gjr-garch-t'],
    });
    const to = Math.min(last, from + REFIT);
    const { variances } = filterVariance(parameters, changes.subarray(start, to - 1));
    const dof = parameters.degreesOfFreedom ?? Infinity;
    for (let t = from - 1; t < to - 1; t += 1) {
      const spread = Math.sqrt(((variances[t - start] ?? 0) * (dof - 2)) / dof);
      const [mean, change] = [parameters.constant, changes[t] ?? 0];
      out.push({ distribution: { mean, spread, dof }, change, crps: crpsStudentT(mean, spread, dof, change) });
    }
  }
  return out;
}

/** How many tests are rejected where the share of false rejections among them is held at `level` (Benjamini & Hochberg 1995). */
export function discoveries(pValues: readonly number[], level: number): number {
  const ascending = pValues.toSorted((a, b) => a - b);
  return ascending.findLastIndex((p, i) => p <= (level * (i + 1)) / ascending.length) + 1;
}
