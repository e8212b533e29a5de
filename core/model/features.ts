/* eslint-disable @typescript-eslint/no-non-null-assertion -- i and t run below the lengths of levels and changes, and there is a volatility a change */
import { ShepherdError } from '../errors.ts';
import type { Transform } from '../series/transform.ts';
import { logarithm } from './elementary.ts';
import type { FeatureScale } from './network.ts';

/** Numbers the network reads at each step. */
export const FEATURES = 2;

/** RiskMetrics' daily decay (J.P. Morgan 1996): the volatility forecast that the network corrects. */
const DECAY = 0.94;
/** A halted series has no volatility; below this part of the training deviation it is taken as this. */
const LEAST_VOLATILITY = 0.02;

/** What the network reads and what its answers are measured in, for a run of changes seen from its own beginning. */
export interface Features {
  /** changes × FEATURES, row-major. */
  readonly values: Float32Array;
  /** Volatility of one day ahead, seen after each change: the anchor of the forecast. In the unit of the changes. */
  readonly volatility: Float64Array;
}

/**
 * Day-to-day changes by this module's own logarithm, so that trained bytes do not depend on the engine's `Math.log`.
 * @throws ShepherdError INVALID_PRICE for a level that is not finite, or not positive under `log-return`.
 */
export function changesOf(levels: ArrayLike<number>, transform: Transform): Float64Array {
  const changes = new Float64Array(Math.max(0, levels.length - 1));
  for (let i = 0; i < levels.length; i += 1) {
    const level = levels[i]!;
    if (!Number.isFinite(level) || (transform === 'log-return' && level <= 0)) {
      const expected = transform === 'log-return' ? 'a finite number above 0' : 'a finite number';
      throw new ShepherdError('INVALID_PRICE', `Value ${i + 1} of the series is ${level}; expected ${expected}.`);
    }
    if (i === 0) continue;
    const change = transform === 'log-return' ? logarithm(level / levels[i - 1]!) : level - levels[i - 1]!;
    if (!Number.isFinite(change)) {
      throw new ShepherdError(
        'INVALID_PRICE',
        `The step from value ${i} to value ${i + 1} of the series is too large to compute.`,
      );
    }
    changes[i - 1] = change;
  }
  return changes;
}

/**
 * Exponentially weighted volatility after each change, from the last `memory` changes only, weights normalised to 1:
 * σ²_t = Σ λ^j r²_(t-j) / Σ λ^j, j = 0 … min(t, memory - 1). So a window of `memory` changes gives the same as a longer run.
 */
export function weightedVolatility(changes: Float64Array, decay: number, memory: number, least: number): Float64Array {
  const result = new Float64Array(changes.length);
  let leaving = 1; // decay^memory
  for (let j = 0; j < memory; j += 1) leaving *= decay;
  let sum = 0;
  let weight = 0;
  for (let t = 0; t < changes.length; t += 1) {
    sum = decay * sum + changes[t]! * changes[t]!;
    weight = decay * weight + 1;
    if (t >= memory) {
      sum -= leaving * changes[t - memory]! * changes[t - memory]!;
      weight -= leaving;
    }
    const volatility = Math.sqrt(Math.max(0, sum) / weight);
    result[t] = volatility > least ? volatility : least;
  }
  return result;
}

/** @param memory changes in a served window: no step looks further back. */
export function featuresOf(changes: Float64Array, scale: FeatureScale, memory: number): Features {
  const volatility = weightedVolatility(changes, DECAY, memory, LEAST_VOLATILITY * scale.changeDeviation);
  const values = new Float32Array(changes.length * FEATURES);
  for (let t = 0; t < changes.length; t += 1) {
    values[t * FEATURES] = changes[t]! / scale.changeDeviation;
    values[t * FEATURES + 1] = (logarithm(volatility[t]!) - scale.logVolatilityMean) / scale.logVolatilityDeviation;
  }
  return { values, volatility };
}

/**
 * The constants of a training set.
 * @throws ShepherdError INVALID_INPUT when the series never moves.
 */
export function fitScale(changes: Float64Array, memory: number): FeatureScale {
  const changeDeviation = deviation(changes).deviation;
  if (!(changeDeviation > 0)) {
    throw new ShepherdError('INVALID_INPUT', 'The training series never changes; there is nothing to learn from it.');
  }
  const least = LEAST_VOLATILITY * changeDeviation;
  const logs = weightedVolatility(changes, DECAY, memory, least)
    .subarray(memory - 1)
    .map(logarithm);
  const { mean, deviation: logDeviation } = deviation(logs);
  return { changeDeviation, logVolatilityMean: mean, logVolatilityDeviation: logDeviation > 0 ? logDeviation : 1 };
}

/** Summed here, in this order, and not by a package: the bytes of a trained network hang on its last bit. */
function deviation(values: Float64Array): { mean: number; deviation: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
