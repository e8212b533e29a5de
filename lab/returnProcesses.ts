import { normal, type RandomSource } from '../core/random.ts';
import { asChanges, type Changes } from '../core/series/transform.ts';

export type ProcessName = 'normal' | 't4' | 'garch' | 'ar' | 't5-garch' | 'gjr';

interface Process {
  readonly alpha: number;
  /** Added to alpha after a fall. */
  readonly gamma: number;
  readonly beta: number;
  readonly ar: number;
  /** Degrees of freedom of the innovations; infinite for normal ones. */
  readonly degreesOfFreedom: number;
}

export const PROCESSES: Readonly<Record<ProcessName, Process>> = {
  normal: { alpha: 0, gamma: 0, beta: 0, ar: 0, degreesOfFreedom: Infinity },
  t4: { alpha: 0, gamma: 0, beta: 0, ar: 0, degreesOfFreedom: 4 },
  garch: { alpha: 0.08, gamma: 0, beta: 0.9, ar: 0, degreesOfFreedom: Infinity },
  ar: { alpha: 0, gamma: 0, beta: 0, ar: 0.5, degreesOfFreedom: Infinity },
  't5-garch': { alpha: 0.08, gamma: 0, beta: 0.9, ar: 0, degreesOfFreedom: 5 },
  gjr: { alpha: 0.03, gamma: 0.1, beta: 0.9, ar: 0, degreesOfFreedom: Infinity },
};

const BURN_IN = 1000;

/** Daily returns of unit variance (before autocorrelation), from their stationary distribution. */
export function simulateReturns(name: ProcessName, length: number, random: RandomSource): Changes {
  const begun = draw(PROCESSES[name], { variance: 1, value: 0 }, BURN_IN, random);
  return draw(PROCESSES[name], begun.state, length, random).returns;
}

/** One of the ways in which `past` may go on. */
export function continueReturns(name: ProcessName, past: Changes, length: number, random: RandomSource): Changes {
  const process = PROCESSES[name];
  let state: State = { variance: 1, value: 0 };
  for (const value of past) state = nextState(process, state, value - process.ar * state.value, value);
  return draw(process, state, length, random).returns;
}

interface State {
  /** Of the next shock. */
  readonly variance: number;
  readonly value: number;
}

function draw(process: Process, from: State, length: number, random: RandomSource): { returns: Changes; state: State } {
  const returns = new Float64Array(length);
  let state = from;
  for (let t = 0; t < length; t += 1) {
    const shock = Math.sqrt(state.variance) * innovation(random, process.degreesOfFreedom);
    state = nextState(process, state, shock, process.ar * state.value + shock);
    returns[t] = state.value;
  }
  return { returns: asChanges(returns), state };
}

function nextState({ alpha, gamma, beta }: Process, { variance }: State, shock: number, value: number): State {
  const news = shock < 0 ? alpha + gamma : alpha;
  return { variance: 1 - alpha - gamma / 2 - beta + news * shock * shock + beta * variance, value };
}

/** Student-t of unit variance: a normal over the root of a mean of squared normals (whole degrees of freedom). */
function innovation(random: RandomSource, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity) return normal(random);
  let squares = 0;
  for (let k = 0; k < degreesOfFreedom; k += 1) squares += normal(random) ** 2;
  return normal(random) * Math.sqrt((degreesOfFreedom - 2) / squares);
}
