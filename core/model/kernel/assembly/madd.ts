// a · b + c in one rounding, the sum that every product of this kernel is made of.
// `RELAXED` is 1 in the module for engines whose `relaxed_madd` fuses (checked before use, ../simd.ts), else 0 (../build.mjs).

// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return RELAXED ? f32x4.relaxed_madd(a, b, c) : exactMadd(a, b, c);
}

/** One number, for the check whether it fuses, and for tests. */
export function multiplyAdd(a: f32, b: f32, c: f32): f32 {
  return f32x4.extract_lane(madd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c)), 0);
}

/** The same bits from plain SIMD: as `fma32` in ../fma.ts, two numbers at a time. */
// @ts-ignore: decorator
@inline
function exactMadd(a: v128, b: v128, c: v128): v128 {
  const low = oddSum(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b), f64x2.promote_low_f32x4(c));
  const high = oddSum(promoteHigh(a), promoteHigh(b), promoteHigh(c));
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

// @ts-ignore: decorator
@inline
function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

/** a · b + c rounded to odd: the product is exact, the sum's error is known (Knuth's two-sum), and moves an even sum one place towards it. */
// @ts-ignore: decorator
@inline
function oddSum(a: v128, b: v128, c: v128): v128 {
  const product = f64x2.mul(a, b);
  const sum = f64x2.add(product, c);
  const added = f64x2.sub(sum, product);
  const error = f64x2.add(f64x2.sub(product, f64x2.sub(sum, added)), f64x2.sub(c, added));
  const inexact = f64x2.gt(f64x2.abs(error), f64x2.splat(0)); // no for a sum that is not finite, whose error is NaN
  const even = i64x2.sub(v128.and(sum, i64x2.splat(1)), i64x2.splat(1)); // all ones where the last bit is 0
  const step = v128.or(i64x2.shr_s(v128.xor(error, sum), 63), i64x2.splat(1)); // away from zero 1, towards it -1
  return i64x2.add(sum, v128.and(v128.and(inexact, even), step));
}
