/* eslint-disable @typescript-eslint/no-non-null-assertion -- a double has two words, LOW and HIGH */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Which of the two words has the lower bits on this machine. */
const LOW = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** Bits of the lower word that are 0 in a double half way between two float32 numbers; all 29 lower bits but the first. */
const HALF_WAY = 0x0fffffff;

/**
 * a · b + c of float32 numbers, rounded once to float32, whatever the machine. The product is exact in double precision, and the
 * rounded sum on the same side of every number half way between two float32 as the exact one, so it rounds on to the same, unless
 * it is such a number itself. Then it is moved one place towards the error of the sum, which Knuth's two-sum tells (rounding to odd
 * does the same: Boldo & Melquiond 2008).
 */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  double[0] = sum;
  const low = words[LOW]!;
  if ((low & HALF_WAY) !== 0) return Math.fround(sum);
  const added = sum - product;
  const error = product - (sum - added) + (c - added);
  if (error > 0 || error < 0) {
    if (error > 0 === sum > 0) words[LOW] = low | 1;
    else {
      words[LOW] = low - 1;
      if (low === 0) words[HIGH] = words[HIGH]! - 1; // a borrow
    }
  }
  return Math.fround(double[0]);
}
