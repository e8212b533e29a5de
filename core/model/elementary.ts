/**
 * Elementary functions built from IEEE 754 basic operations alone. `Math.log` and `Math.exp` may differ in the last bit
 * between engines and their versions; whatever reaches trained bytes is computed by these instead, so that a seed gives the
 * same weights everywhere. `Math.sqrt` is exact by the standard and needs no substitute.
 */

const words = new DataView(new ArrayBuffer(8));
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/**
 * Natural logarithm of a positive finite normal number, error below 1 ulp.
 * FreeBSD msun `e_log.c` (Sun Microsystems 1993): x = 2^k (1 + f), s = f / (2 + f), log(1 + f) = f - s (f - R(s²)).
 */
export function logarithm(x: number): number {
  words.setFloat64(0, x);
  const high = words.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  const mantissa = high & 0xfffff;
  // Halve a mantissa above √2, so that f stays within [√½ - 1, √2 - 1].
  const above = (mantissa + 0x95f64) & 0x100000;
  exponent += above >>> 20;
  words.setUint32(0, mantissa | (above ^ 0x3ff00000));
  const f = words.getFloat64(0) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return exponent * LN2_HIGH - (half - (s * (half + (odd + even)) + exponent * LN2_LOW) - f);
}

/**
 * e^x, error below 1 ulp; 0 below -708 and the largest finite power above 709, so that it is finite for every finite x.
 * FreeBSD msun `e_exp.c` (Sun Microsystems 1993): x = k ln 2 + r, e^r = 1 + r + r c / (2 - c).
 */
export function exponential(x: number): number {
  if (x < -708) return 0;
  const bounded = x > 709 ? 709 : x;
  const k = Math.floor(bounded * 1.442695040888963387 + 0.5);
  const high = bounded - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  // 2^1024 overflows although y 2^k does not: multiply in two parts.
  return k > 1000 ? y * powerOfTwo(1000) * powerOfTwo(k - 1000) : y * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  words.setUint32(0, (k + 1023) << 20);
  words.setUint32(4, 0);
  return words.getFloat64(0);
}
