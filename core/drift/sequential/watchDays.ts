/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes run below the lengths of what they index */
import { countBelow } from '../../stats/countBelow.ts';
import { DETECTORS } from './detectors.ts';
import type { Standardiser } from './standardise.ts';

/** The changes that are looked for: volatility doubled and halved, the mean half a deviation off. */
const UP = 2;
const DOWN = 0.5;
const SHIFT = 0.5;
/** How far the densities of a changed shape lean: the polynomials below run from -1 to 1. */
const LEAN = 0.9;
/** Of the changes as they are: a filter follows a crash step by step, and each day is what it led to expect. */
const LEVEL = 3;

/**
 * Cumulative sums (Page 1954) of the log-likelihood ratio of each change that is looked for against no change, day by day.
 *
 * A change of volatility multiplies the changes themselves, so that the variance they drive goes on as if unchanged below it:
 * the alternative has a filter of its own, which leaves the quiet one on the day a sum leaves 0. The ratio is that of Student-t
 * densities with the reference's tail and therefore bounded: no single day alarms by itself. The shape is asked by densities
 * 1 ± .9 P(2u - 1) of the rank u among the reference's innovations, P the Legendre polynomials of degree 3 (skewness) and 4 (tails), which
 * neither a moved mean nor another volatility moves first.
 *
 * The level of the volatility is asked of the changes without the filter, against the reference's own deviation; how long they stay wild by
 * themselves is in its limit.
 *
 * @param visit called a day with the sums in the order of `DETECTORS` (the same array each time) and the day, 1-based.
 */
export function watchDays(
  quiet: Standardiser,
  days: Float64Array,
  visit: (sums: Float64Array, day: number) => void,
): void {
  const { parameters, centre, scale, dof, innovations, level } = quiet;
  const { constant, ar, omega, alpha, gamma, beta } = parameters;
  const spread = dof - 2;
  const power = (dof + 1) / 2;
  const sums = new Float64Array(DETECTORS.length);
  let mean = quiet.nextMean;
  let variance = quiet.nextVariance;
  let raised = variance;
  let lowered = variance;
  for (let t = 0; t < days.length; t += 1) {
    const residual = days[t]! - mean;
    const x = (residual / Math.sqrt(variance) - centre) / scale;
    const base = Math.log1p((x * x) / spread);
    if (sums[0] === 0) raised = variance;
    if (sums[1] === 0) lowered = variance;
    const wider = (UP * UP * raised) / variance;
    const narrower = (DOWN * DOWN * lowered) / variance;
    const u = (countBelow(innovations, x) + 0.5) / (innovations.length + 1);
    const w = 2 * u - 1;
    const square = w * w;
    const cubic = LEAN * 0.5 * w * (5 * square - 3);
    const quartic = LEAN * 0.125 * ((35 * square - 30) * square + 3);
    add(sums, 0, power * (base - Math.log1p((x * x) / (wider * spread))) - 0.5 * Math.log(wider));
    add(sums, 1, power * (base - Math.log1p((x * x) / (narrower * spread))) - 0.5 * Math.log(narrower));
    add(sums, 2, power * (base - Math.log1p((x - SHIFT) ** 2 / spread)));
    add(sums, 3, power * (base - Math.log1p((x + SHIFT) ** 2 / spread)));
    add(sums, 4, Math.log(1 + cubic));
    add(sums, 5, Math.log(1 - cubic));
    add(sums, 6, Math.log(1 + quartic));
    add(sums, 7, Math.log(1 - quartic));
    const y = ((days[t]! - level.mean) / level.deviation) ** 2 / (level.dof - 2);
    add(sums, 8, ((level.dof + 1) / 2) * (Math.log1p(y) - Math.log1p(y / LEVEL ** 2)) - Math.log(LEVEL));
    visit(sums, t + 1);
    const squared = residual * residual;
    const news = residual < 0 ? alpha + gamma : alpha;
    variance = omega + news * squared + beta * variance;
    raised = omega + (news * squared) / (UP * UP) + beta * raised;
    lowered = omega + (news * squared) / (DOWN * DOWN) + beta * lowered;
    mean = constant + ar * days[t]!;
  }
}

function add(sums: Float64Array, detector: number, gain: number): void {
  const sum = sums[detector]! + gain;
  sums[detector] = sum > 0 ? sum : 0;
}
