/* eslint-disable @typescript-eslint/no-non-null-assertion -- rows of as many regressors as there are coefficients, and a target, an offset and a weight a row */
import { gammaln } from 'simple-statistics';
import { solvePositive } from '../../stats/cholesky.ts';

/**
 * A Student-t whose standard deviation is log-linear in regressors x: y ~ location + e^(offset + b·x) · t, where t has unit
 * variance. Everything in units of the volatility that y is measured in.
 */
export interface ScaleFit {
  readonly coefficients: readonly number[];
  readonly location: number;
  /** Degrees of freedom, above 2. */
  readonly dof: number;
}

/** Row-major regressors and what came of each row. */
export interface ScaleSample {
  readonly rows: Float64Array;
  readonly targets: Float64Array;
  /** Added to b·x, a number a row. */
  readonly offsets: Float64Array;
  /** How much of a day's information each row counts, 0 to 1. */
  readonly weights: Float64Array;
}

export interface ScaleBelief {
  /** What is taken to hold where the sample says nothing, and how many days' information that belief counts. */
  readonly prior: ScaleFit;
  readonly days: number;
}

/** The intercept is the series' own: it is hardly drawn to the prior's. */
const INTERCEPT_SHARE = 0.01;
/** Of the days of the prior, how many say what the tail is. */
const TAIL_SHARE = 0.01;
/** One target further out than this (in volatilities) is taken as this: a halt, an error, a default is no measure of spread. */
const FURTHEST = 30;
const MOST_ROUNDS = 60;
const TOLERANCE = 1e-7;
const TAIL_BOUNDS = { least: Math.log(0.1), most: Math.log(60) };

/**
 * Maximum of the penalised likelihood (the mode after a normal prior) by Fisher scoring, with steps halved where they would not
 * climb. Deterministic; every sum in the order of the rows.
 */
export function fitScale(sample: ScaleSample, { prior, days }: ScaleBelief): ScaleFit {
  const p = prior.coefficients.length;
  const targets = sample.targets.map((y) => Math.max(-FURTHEST, Math.min(FURTHEST, y)));
  const products = crossProducts(sample, p);
  const penalties = Float64Array.from({ length: p }, (_, k) => days * (k === 0 ? INTERCEPT_SHARE : 1));
  const centre: Point = { b: Float64Array.from(prior.coefficients), m: prior.location, q: Math.log(prior.dof - 2) };
  const penalty = ({ b, m, q }: Point): number =>
    b.reduce((sum, value, k) => sum + 0.5 * penalties[k]! * (value - centre.b[k]!) ** 2, 0) +
    0.5 * days * (m - centre.m) ** 2 +
    0.5 * TAIL_SHARE * days * (q - centre.q) ** 2;

  let point = centre;
  let slope = climb({ ...sample, targets }, point, p);
  let value = slope.logLikelihood - penalty(point);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { b, m, q } = point;
    const dof = 2 + Math.exp(q);
    const information = products.map((each) => (each * 2 * dof) / (dof + 3));
    for (let k = 0; k < p; k += 1) information[k * p + k]! += penalties[k]!;
    const stepB = solvePositive(
      information,
      slope.b.map((each, k) => each - penalties[k]! * (b[k]! - centre.b[k]!)),
    );
    const stepM = (slope.m - days * (m - centre.m)) / (slope.ofM + days);
    const stepQ = (slope.q - TAIL_SHARE * days * (q - centre.q)) / (slope.ofQ + TAIL_SHARE * days);
    let length = 1;
    let gain = Number.NEGATIVE_INFINITY;
    while (length > 1e-3) {
      const next: Point = {
        b: b.map((each, k) => each + length * stepB[k]!),
        m: m + length * stepM,
        q: Math.max(TAIL_BOUNDS.least, Math.min(TAIL_BOUNDS.most, q + length * Math.max(-1, Math.min(1, stepQ)))),
      };
      const there = climb({ ...sample, targets }, next, p);
      gain = there.logLikelihood - penalty(next) - value;
      if (gain >= 0) {
        [point, slope, value] = [next, there, value + gain];
        break;
      }
      length /= 2;
    }
    if (!(gain > TOLERANCE)) break;
  }
  return { coefficients: Array.from(point.b), location: point.m, dof: 2 + Math.exp(point.q) };
}

interface Point {
  readonly b: Float64Array;
  readonly m: number;
  /** log(dof - 2). */
  readonly q: number;
}

interface Slope extends Point {
  readonly logLikelihood: number;
  /** Information about location and tail. */
  readonly ofM: number;
  readonly ofQ: number;
}

function climb({ rows, targets, offsets, weights }: ScaleSample, { b, m, q }: Point, p: number): Slope {
  const free = Math.exp(q);
  const dof = 2 + free;
  const constant = gammaln((dof + 1) / 2) - gammaln(dof / 2) - 0.5 * Math.log(Math.PI * free);
  const peak = 0.5 * (digamma((dof + 1) / 2) - digamma(dof / 2) - 1 / free);
  const slope = { b: new Float64Array(p), m: 0, q: 0, logLikelihood: 0, ofM: 0, ofQ: 0 };
  for (let i = 0; i < targets.length; i += 1) {
    const weight = weights[i]!;
    let log = offsets[i]!;
    for (let k = 0; k < p; k += 1) log += b[k]! * rows[i * p + k]!;
    const inverse = Math.exp(-log);
    const z = (targets[i]! - m) * inverse;
    const spread = 1 + (z * z) / free;
    const growth = Math.log(spread);
    const pull = ((dof + 1) * z) / (free * spread);
    slope.logLikelihood += weight * (constant - log - 0.5 * (dof + 1) * growth);
    const toScale = weight * (pull * z - 1);
    for (let k = 0; k < p; k += 1) slope.b[k]! += toScale * rows[i * p + k]!;
    slope.m += weight * pull * inverse;
    slope.ofM += weight * inverse * inverse;
    const toTail = free * (peak - 0.5 * growth + (0.5 * (dof + 1) * z * z) / (free * free * spread));
    slope.q += weight * toTail;
    slope.ofQ += weight * toTail * toTail;
  }
  slope.ofM *= (dof * (dof + 1)) / (free * (dof + 3));
  return slope;
}

function crossProducts({ rows, weights }: ScaleSample, p: number): Float64Array {
  const products = new Float64Array(p * p);
  for (let i = 0, at = 0; at < rows.length; i += 1, at += p) {
    for (let j = 0; j < p; j += 1)
      for (let k = 0; k <= j; k += 1) products[j * p + k]! += weights[i]! * rows[at + j]! * rows[at + k]!;
  }
  for (let j = 0; j < p; j += 1) for (let k = 0; k < j; k += 1) products[k * p + j] = products[j * p + k]!;
  return products;
}

/** ψ(x) for x > 0: recurrence up to 10, then its asymptotic series (Abramowitz & Stegun 6.3.18); error below 1e-12. */
function digamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < 10; at += 1) sum -= 1 / at;
  const square = 1 / (at * at);
  return (
    sum +
    Math.log(at) -
    0.5 / at -
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  );
}
