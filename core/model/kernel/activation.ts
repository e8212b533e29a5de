const f = Math.fround;

const NUMERATOR = [
  4.89352455891786e-3, 6.37261928875436e-4, 1.48572235717979e-5, 5.12229709037114e-8, -8.60467152213735e-11,
  2.00018790482477e-13, -2.76076847742355e-16,
].map(f);
const DENOMINATOR = [4.89352518554385e-3, 2.268434632439e-3, 1.18534705686654e-4, 1.19825839466702e-6].map(f);
/** Beyond this the float32 nearest to tanh is ±1. */
const SATURATION = f(7.90531110763549805);

/**
 * tanh in float32, error below 4 ulp: the rational minimax approximation x P(x²) / Q(x²) of degrees 13 and 6 of Eigen 3
 * (`generic_fast_tanh_float`, MathFunctionsImpl.h), one division and no table. The SIMD kernel does the same, operation by operation.
 */
export function tanh32(x: number): number {
  const a = Math.max(-SATURATION, Math.min(SATURATION, x));
  const q = f(a * a);
  let p = NUMERATOR[6]!;
  for (let i = 5; i >= 0; i -= 1) p = f(f(p * q) + NUMERATOR[i]!);
  let d = DENOMINATOR[3]!;
  for (let i = 2; i >= 0; i -= 1) d = f(f(d * q) + DENOMINATOR[i]!);
  return f(f(a * p) / d);
}

/** The logistic function 1 / (1 + e^-x) = ½ + ½ tanh(x / 2). */
export function sigmoid32(x: number): number {
  return f(0.5 + f(0.5 * tanh32(f(0.5 * x))));
}
