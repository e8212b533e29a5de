const LOG_ROOT_TWO_PI = 0.918938533204672741780329736406; // ln sqrt(2 pi)

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z - LOG_ROOT_TWO_PI);
}

/**
 * P(Z <= z) for a standard normal Z: Marsaglia's series near the centre (G. Marsaglia 2004, "Evaluating the normal
 * distribution"), Laplace's continued fraction in the tails. Absolute error below 1e-15; NaN gives NaN.
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 5) return z > 0 ? 1 - lowerTail(-z) : lowerTail(z);
  let sum = z;
  let term = z;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (z * z) / i;
    sum += term;
  }
  return 0.5 + sum * normalDensity(z);
}

/** P(Z <= z) for z < -5. */
function lowerTail(z: number): number {
  const x = -z;
  let fraction = x;
  for (let k = 40; k >= 1; k -= 1) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
