const f = Math.fround;

/** P and Q from the constant on, and the bound beyond which tanh is ±1 in float32; test/fixtures/model/tanh_rational.py finds them. */
const P = [1, 0.13381026, 3.49558851e-3, 2.06090874e-5, 1.33546669e-8].map(f);
const Q = [1, 0.467143416, 2.58769838e-2, 3.28563539e-4, 7.77656086e-7].map(f);
const BOUND = 9;

/**
 * tanh in float32 by a rational approximation x P(x²) / Q(x²) of relative error 2e-8 before rounding: one division and no table.
 * The SIMD kernel does the same, operation by operation (`assembly/activation.ts`).
 */
export function tanh32(x: number): number {
  const a = Math.max(-BOUND, Math.min(BOUND, x));
  const q = f(a * a);
  return f(f(a * horner(P, q)) / horner(Q, q));
}

function horner(coefficients: readonly number[], q: number): number {
  let sum = coefficients[4]!;
  for (let i = 3; i >= 0; i -= 1) sum = f(f(sum * q) + coefficients[i]!);
  return sum;
}

/** The logistic function 1 / (1 + e^-x) = ½ + ½ tanh(x / 2). */
export function sigmoid32(x: number): number {
  return f(0.5 + f(0.5 * tanh32(f(0.5 * x))));
}
