import { fma32 } from './fma.ts';

const f = Math.fround;

/** P and Q from the constant on, and the bound beyond which tanh is ±1 in float32 (there the quotient is too); test/fixtures/model/tanh_rational.py finds them. */
const P = [1, 0.13381026, 3.49558851e-3, 2.06090874e-5, 1.33546669e-8].map(f);
const Q = [1, 0.467143416, 2.58769838e-2, 3.28563539e-4, 7.77656086e-7].map(f);
const BOUND = 8.984375;
/** The same for tanh(x / 2) / 2 as a function of x. */
const HALF_P = P.map((value, power) => value / 4 / 4 ** power);
const HALF_Q = Q.map((value, power) => value / 4 ** power);

/**
 * tanh in float32 by a rational approximation x P(x²) / Q(x²) of relative error 2e-8 before rounding: one division and no table.
 * The SIMD kernel does the same, operation by operation (`assembly/activation.ts`).
 */
export function tanh32(x: number): number {
  return rational(x, BOUND, P, Q);
}

/** The logistic function 1 / (1 + e^-x) = ½ + ½ tanh(x / 2). */
export function sigmoid32(x: number): number {
  return f(0.5 + rational(x, 2 * BOUND, HALF_P, HALF_Q));
}

function rational(x: number, bound: number, p: readonly number[], q: readonly number[]): number {
  const a = Math.max(-bound, Math.min(bound, x));
  const square = f(a * a);
  return f(f(a * horner(p, square)) / horner(q, square));
}

/** Of degree 4. */
function horner(coefficients: readonly number[], x: number): number {
  const [c0, c1, c2, c3, c4] = coefficients as readonly [number, number, number, number, number]; // the five above
  return fma32(fma32(fma32(fma32(c4, x, c3), x, c2), x, c1), x, c0);
}
