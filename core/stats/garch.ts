/* eslint-disable @typescript-eslint/no-non-null-assertion -- residuals are as many as returns, and t runs below their number */
import { logPeak } from './studentT.ts';
import { ShepherdError } from '../errors.ts';
import { bfgs, type BfgsOptions } from './bfgs.ts';

/** What is fitted. */
export interface GarchSpec {
  /** Of the standardised residuals; `t` is scaled to unit variance. */
  readonly distribution: 'normal' | 't';
  /** Adds the leverage term of Glosten, Jagannathan & Runkle (1993). */
  readonly asymmetric: boolean;
  readonly meanModel: 'constant' | 'ar1';
}

/**
 * r[t] = constant + ar r[t-1] + e[t], e[t] = sqrt(h[t]) z[t], h[t] = omega + (alpha + gamma [e[t-1] < 0]) e[t-1]^2 + beta h[t-1].
 * Returns in their own unit, so omega is in that unit squared.
 */
export interface GarchParameters {
  readonly constant: number;
  readonly ar: number;
  readonly omega: number;
  readonly alpha: number;
  /** 0 unless asymmetric. */
  readonly gamma: number;
  readonly beta: number;
  /** Degrees of freedom of z; `null` for the normal distribution. */
  readonly degreesOfFreedom: number | null;
}

export interface GarchFit {
  readonly parameters: GarchParameters;
  readonly logLikelihood: number;
  readonly evaluations: number;
}

/** A filtered series: residuals e[t] and their conditional variances h[t], with the state that the next day starts from. */
export interface FilteredVariance {
  readonly residuals: Float64Array;
  readonly variances: Float64Array;
  /** Mean of the next return. */
  readonly nextMean: number;
  /** Conditional variance of the next return. */
  readonly nextVariance: number;
}

const MINIMUM_RETURNS = 50;
/** Persistence stays below this, so that the unconditional variance exists. */
const LARGEST_PERSISTENCE = 0.9999;

/**
 * Fits GARCH(1,1) (Bollerslev 1986) or GJR-GARCH(1,1) by maximum likelihood, all parameters together. The variance before the
 * first day is the mean squared residual, as in the benchmark of Fiorentini, Calzolari & Panattoni (1996).
 * @param returns oldest first, at least 50, in any unit.
 * @throws ShepherdError TOO_FEW_VALUES, or INVALID_INPUT where the returns are constant or not finite.
 */
export function fitGarch(returns: ArrayLike<number>, spec: GarchSpec): GarchFit {
  return fitFrom(returns, spec, bestStart);
}

/** The same begun at parameters known to be near, for samples drawn from them: a tenth of the time, and as near as the sample's own error. */
export function refitGarch(returns: ArrayLike<number>, spec: GarchSpec, near: GarchParameters): GarchParameters {
  const begin = (_: Float64Array, scale: number): Float64Array => encode(near, spec, scale);
  return fitFrom(returns, spec, begin, { gradientTolerance: 1, maxIterations: 4 }).parameters;
}

type Objective = (point: Float64Array) => number;
/** @param begin gives the point to start from, for returns divided by `scale`. */
function fitFrom(
  returns: ArrayLike<number>,
  spec: GarchSpec,
  begin: (scaled: Float64Array, scale: number, spec: GarchSpec, objective: Objective) => Float64Array,
  options: BfgsOptions = { gradientTolerance: 1e-3 },
): GarchFit {
  if (returns.length < MINIMUM_RETURNS) {
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `A volatility model needs at least ${MINIMUM_RETURNS} returns, not ${returns.length}.`,
    );
  }
  const { scaled, scale } = toUnitScale(returns);
  const negativeLogLikelihood: Objective = (point) => -logLikelihood(scaled, decode(point, spec));
  const start = begin(scaled, scale, spec, negativeLogLikelihood);
  const minimum = bfgs(negativeLogLikelihood, start, options);
  const parameters = decode(minimum.point, spec);
  return {
    parameters: { ...parameters, constant: parameters.constant * scale, omega: parameters.omega * scale * scale },
    logLikelihood: -minimum.value - returns.length * Math.log(scale),
    evaluations: minimum.evaluations,
  };
}

/** Residuals and conditional variances of `returns` under known parameters; the last state forecasts the day after. */
export function filterVariance(parameters: GarchParameters, returns: ArrayLike<number>): FilteredVariance {
  const n = returns.length;
  const residuals = residualsOf(returns, parameters);
  const variances = new Float64Array(n);
  const { omega, alpha, gamma, beta } = parameters;
  let variance = meanSquare(residuals);
  let squared = variance;
  let news = alpha + gamma / 2;
  for (let t = 0; t < n; t += 1) {
    variance = omega + news * squared + beta * variance;
    variances[t] = variance;
    const residual = residuals[t]!;
    squared = residual * residual;
    news = residual < 0 ? alpha + gamma : alpha;
  }
  return {
    residuals,
    variances,
    nextMean: parameters.constant + parameters.ar * (returns[n - 1] ?? 0),
    nextVariance: omega + news * squared + beta * variance,
  };
}

/** alpha + gamma / 2 + beta: how much of a variance shock is left a day later. */
export function persistence(parameters: GarchParameters): number {
  return parameters.alpha + parameters.gamma / 2 + parameters.beta;
}

/** Log-likelihood of `returns`, in nats, constants included. The variances are those of `filterVariance`, not kept. */
export function logLikelihood(returns: ArrayLike<number>, parameters: GarchParameters): number {
  const residuals = residualsOf(returns, parameters);
  const { omega, alpha, gamma, beta, degreesOfFreedom: nu } = parameters;
  const n = residuals.length;
  let variance = meanSquare(residuals);
  let carried = (alpha + gamma / 2) * variance;
  let quadratic = 0;
  let logs = 0;
  let product = 1;
  let tails = 1;
  for (let t = 0; t < n; t += 1) {
    const residual = residuals[t]!;
    const squared = residual * residual;
    variance = omega + carried + beta * variance;
    carried = (residual < 0 ? alpha + gamma : alpha) * squared;
    product *= variance;
    if (nu === null) quadratic += squared / variance;
    else tails *= 1 + squared / (variance * (nu - 2));
    // One logarithm for eight days: at unit scale the products stay in range.
    if ((t & 7) === 7 || t === n - 1) {
      logs += Math.log(product) / 2;
      if (nu !== null) logs += ((nu + 1) / 2) * Math.log(tails);
      product = 1;
      tails = 1;
    }
  }
  if (nu === null) return -(n * Math.log(2 * Math.PI)) / 2 - logs - quadratic / 2;
  return n * logPeak(nu) - logs;
}

function residualsOf(returns: ArrayLike<number>, { constant, ar }: GarchParameters): Float64Array {
  const residuals = new Float64Array(returns.length);
  let before = constant / (1 - ar);
  for (let t = 0; t < returns.length; t += 1) {
    residuals[t] = returns[t]! - constant - ar * before;
    before = returns[t]!;
  }
  return residuals;
}

function meanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum / values.length;
}

/** Unbounded coordinates to parameters at unit scale: mean, log variance, persistence, share of news, leverage, tail. */
function decode(point: Float64Array, spec: GarchSpec): GarchParameters {
  let at = 0;
  const next = (): number => point[at++]!; // a point has a coordinate for each that the spec asks for (`bestStart`)
  const ar = spec.meanModel === 'ar1' ? Math.tanh(next()) : 0;
  const constant = next() * (1 - ar);
  const variance = Math.exp(next());
  const kept = LARGEST_PERSISTENCE * logistic(next());
  const news = kept * logistic(next());
  const gamma = spec.asymmetric ? 2 * news * Math.tanh(next()) : 0;
  const degreesOfFreedom = spec.distribution === 't' ? 2.05 + Math.exp(next()) : null;
  return {
    constant,
    ar,
    omega: variance * (1 - kept),
    alpha: news - gamma / 2,
    gamma,
    beta: kept - news,
    degreesOfFreedom,
  };
}

/** The point that `decode` turns into `parameters`, for returns divided by `scale`; a share of 0 or 1 is taken for nearly that. */
function encode(parameters: GarchParameters, spec: GarchSpec, scale: number): Float64Array {
  const { ar, constant, omega, alpha, gamma, beta, degreesOfFreedom } = parameters;
  const news = alpha + gamma / 2;
  const kept = news + beta;
  return Float64Array.of(
    ...(spec.meanModel === 'ar1' ? [Math.atanh(ar)] : []),
    constant / (1 - ar) / scale,
    Math.log(omega / (1 - kept) / (scale * scale)),
    logit(inside(kept / LARGEST_PERSISTENCE)),
    logit(inside(news / kept)),
    ...(spec.asymmetric ? [Math.atanh(Math.max(-0.99, Math.min(0.99, gamma / (2 * news))))] : []),
    ...(spec.distribution === 't' ? [Math.log((degreesOfFreedom ?? 100) - 2.05)] : []),
  );
}

const inside = (share: number): number => Math.min(0.999, Math.max(0.001, share || 0));

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => Math.log(p / (1 - p));

/** The likeliest of a few usual shapes: lasting, medium, short and hardly any volatility clusters. */
function bestStart(scaled: Float64Array, _scale: number, spec: GarchSpec, objective: Objective): Float64Array {
  const mean = [...(spec.meanModel === 'ar1' ? [autocorrelation(scaled)] : []), 0];
  const tail = [...(spec.asymmetric ? [0.2] : []), ...(spec.distribution === 't' ? [Math.log(5)] : [])];
  const shapes = [
    [0.98, 0.08],
    [0.95, 0.2],
    [0.8, 0.2],
    [0.4, 0.3],
    [0.5, 0.03],
  ] as const;
  const points = shapes.map(([kept, share]) => Float64Array.of(...mean, 0, logit(kept), logit(share), ...tail));
  const tried = points.map((point) => ({ point, value: objective(point) }));
  return tried.reduce((best, each) => (each.value < best.value ? each : best)).point;
}

function autocorrelation(values: Float64Array): number {
  let product = 0;
  let square = 0;
  for (let t = 1; t < values.length; t += 1) {
    product += values[t]! * values[t - 1]!;
    square += values[t]! * values[t]!;
  }
  return product / square;
}

/** Whether returns vary at all: a constant leaves only rounding behind, to which no volatility model can be fitted. */
export function vary(returns: ArrayLike<number>): boolean {
  return scaleOf(Float64Array.from(returns)) !== undefined;
}

function toUnitScale(returns: ArrayLike<number>): { scaled: Float64Array; scale: number } {
  const values = Float64Array.from(returns);
  const scale = scaleOf(values);
  if (scale === undefined) {
    throw new ShepherdError('INVALID_INPUT', 'A volatility model needs finite returns that are not all the same.');
  }
  return { scaled: values.map((value) => value / scale), scale };
}

/** Standard deviation; `undefined` where it is nothing but rounding, or not finite. */
function scaleOf(values: Float64Array): number | undefined {
  // In this order and not by a package: fitted parameters, and with them stored forecasts and verdicts, hang on the last bit.
  let mean = 0;
  for (const value of values) mean += value / values.length;
  const scale = Math.sqrt(meanSquare(values.map((value) => value - mean)));
  return scale > 1e-12 * Math.abs(mean) && Number.isFinite(scale) ? scale : undefined;
}
