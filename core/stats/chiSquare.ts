/** P(X >= x) of the chi-square distribution: the upper incomplete gamma function Q(dof / 2, x / 2). @param dof above 0. */
export function chiSquareTail(x: number, dof: number): number {
  if (!(x > 0)) return 1;
  const a = dof / 2;
  const z = x / 2;
  const scale = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? 1 - scale * series(a, z) : scale * fraction(a, z);
}

const PRECISE = 1e-15;
const MOST_TERMS = 10_000;

/** Abramowitz & Stegun 6.5.29. */
function series(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < MOST_TERMS && term > sum * PRECISE; k += 1) {
    term *= z / (a + k);
    sum += term;
  }
  return sum;
}

/** Abramowitz & Stegun 6.5.31, by the modified method of Lentz (1976). */
function fraction(a: number, z: number): number {
  const tiny = 1e-300;
  let b = z + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let result = d;
  for (let k = 1; k < MOST_TERMS; k += 1) {
    const factor = -k * (k - a);
    b += 2;
    d = 1 / (factor * d + b || tiny);
    c = b + factor / c || tiny;
    result *= d * c;
    if (Math.abs(d * c - 1) < PRECISE) break;
  }
  return result;
}

const LANCZOS: readonly number[] = [
  676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];

/** Lanczos' approximation (g = 7, nine terms), to 15 digits for a >= 1/2. */
function logGamma(a: number): number {
  const sum = LANCZOS.reduce((total, term, k) => total + term / (a + k), 0.999_999_999_999_809_9);
  const t = a + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (a - 0.5) * Math.log(t) - t + Math.log(sum);
}
