import { paired } from '../paired.ts';
import { ewmaVolatility } from './naive.ts';

/**
 * The weekly rhythm of a market that never closes: by how much each of seven successive days moves more or less than usual
 * (Bitcoin's Saturdays move half as much as its Mondays). Plain JSON.
 */
export interface Rhythm {
  /** Seven factors on the volatility, in order of time; geometric mean 1. Where a week begins is told from each window. */
  readonly factors: readonly number[];
}

const PERIOD = 7;

/** Changes the fit uses at most, the latest: rhythms drift over the years. */
const MOST_CHANGES = 1000;

/** A rhythm that chance alone would show once in a hundred series: 99 % quantile of chi-square with 6 degrees of freedom. */
const SIGNIFICANT = 16.81;

/** Degrees of freedom of the Student-t by which phases are told apart. */
const DOF = 5;

/**
 * The rhythm of `changes`, or null where there is none to speak of: mean |change| / EWMA volatility for each of the seven
 * phases, tested against no rhythm, and each drawn towards 1 by its own uncertainty. A market with weekends shows none, as
 * its week has five days.
 */
export function fitRhythm(changes: Float64Array): Rhythm | null {
  const recent = changes.subarray(Math.max(0, changes.length - MOST_CHANGES));
  if (recent.length < 20 * PERIOD) return null;
  let logFactors = new Array<number>(PERIOD).fill(0);
  // The volatility itself is cleaner once the first estimate of the rhythm is taken out of it.
  for (let round = 0; round < 2; round += 1) {
    const estimate = phaseMeans(recent, logFactors);
    if (estimate === null || estimate.chiSquare < SIGNIFICANT) return null;
    logFactors = estimate.logFactors;
  }
  return { factors: logFactors.map(Math.exp) };
}

function phaseMeans(
  changes: Float64Array,
  logFactors: readonly number[],
): { logFactors: number[]; chiSquare: number } | null {
  const calm = changes.map((change, i) => change / Math.exp(ofPhase(logFactors, i)));
  const volatility = ewmaVolatility(calm);
  const moves = paired(changes.subarray(1), volatility.subarray(0, -1)).map(([change, before], i) => ({
    phase: (i + 1) % PERIOD,
    before,
    size: Math.abs(change) / before,
  }));
  const estimates = logFactors.map((_, phase) =>
    logMean(moves.filter((move) => move.phase === phase && move.before > 0).map(({ size }) => size)),
  );
  if (estimates.some(({ value, variance }) => !Number.isFinite(value) || !(variance > 0))) return null;
  const centre = estimates.reduce((sum, { value }) => sum + value / PERIOD, 0);
  const chiSquare = estimates.reduce((sum, { value, variance }) => sum + (value - centre) ** 2 / variance, 0);
  const noise = estimates.reduce((sum, { variance }) => sum + variance / PERIOD, 0);
  const spread = estimates.reduce((sum, { value }) => sum + (value - centre) ** 2 / (PERIOD - 1), 0);
  const signal = Math.max(0, spread - noise);
  const drawn = estimates.map(({ value, variance }) => ((value - centre) * signal) / (signal + variance));
  const middle = drawn.reduce((sum, value) => sum + value / PERIOD, 0);
  return { chiSquare, logFactors: drawn.map((value) => value - middle) };
}

/**
 * Logarithm of the mean, and its variance by the delta method. Summed here, in this order: the answer that is stored with a model to be
 * told again by hangs on the last bit.
 */
function logMean(values: readonly number[]): { value: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { value: Math.log(mean), variance: square / values.length / mean ** 2 };
}

/**
 * Factors on the spread of forecasts 1…horizon days ahead, made by a model that knows no rhythm, from the window alone: the
 * days ahead's own factors, times what the rhythm did to the volatility of the days just seen. Averaged on the log scale over
 * the phases the window may have, weighted by their likelihood.
 */
export function rhythmFactors(rhythm: Rhythm, changes: Float64Array, horizon: number): number[] {
  const volatility = ewmaVolatility(changes);
  const seen = volatility.at(-1) ?? 0;
  if (!(seen > 0)) return new Array<number>(horizon).fill(1);
  const logLikelihoods = rhythm.factors.map((_, phase) => logLikelihood(rhythm, changes, volatility, phase));
  const top = Math.max(...logLikelihoods);
  const weights = logLikelihoods.map((value) => Math.exp(value - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let logs = new Array<number>(horizon).fill(0);
  weights.forEach((weight, phase) => {
    const calm = changes.map((change, i) => change / factorAt(rhythm, phase, i));
    const unbias = (ewmaVolatility(calm).at(-1) ?? seen) / seen;
    let squares = 0;
    logs = logs.map((sum, h) => {
      squares += factorAt(rhythm, phase, changes.length + h) ** 2;
      return sum + (weight / total) * Math.log(unbias * Math.sqrt(squares / (h + 1)));
    });
  });
  return logs.map(Math.exp);
}

function factorAt({ factors }: Rhythm, phase: number, index: number): number {
  return ofPhase(factors, index + phase);
}

function ofPhase(factors: readonly number[], index: number): number {
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- there are PERIOD factors, and a remainder is below it
  return factors[index % PERIOD]!;
}

function logLikelihood(rhythm: Rhythm, changes: Float64Array, volatility: Float64Array, phase: number): number {
  let sum = 0;
  for (const [i, before] of volatility.subarray(0, -1).entries()) {
    const factor = factorAt(rhythm, phase, i + 1);
    const scale = factor * before;
    if (!(scale > 0)) continue;
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- a volatility a change, and the last one is left out
    sum -= Math.log(factor) + ((DOF + 1) / 2) * Math.log1p((changes[i + 1]! / scale) ** 2 / (DOF - 2));
  }
  return sum;
}
