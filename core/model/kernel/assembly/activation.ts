// tanh and the logistic function of many numbers: the same operations in the same order as `tanh32` in ../activation.ts.
// One result a turn of the loop: V8 puts all loads of a turn first, and a second result's constants would not fit the registers.

/**
 * The constants, in memory below everything a caller lays out (`FIRST_FREE` in ../kernel.ts): a broadcasting load is one
 * instruction, where V8 builds a literal from four.
 */
const table = memory.data<f32>([
  9, -9, 1.33546669e-8, 2.06090874e-5, 3.49558851e-3, 0.13381026, 1, 7.77656086e-7, 3.28563539e-4, 2.58769838e-2,
  0.467143416, 0.5,
]);

// @ts-ignore: decorator
@inline
function constant(index: i32): v128 {
  return v128.load32_splat(table + 4 * index);
}

// @ts-ignore: decorator
@inline
function horner(a: v128, b: v128, index: i32): v128 {
  return f32x4.add(f32x4.mul(a, b), constant(index));
}

// @ts-ignore: decorator
@inline
function tanh4(x: v128): v128 {
  // The pseudo-minimum is one instruction (`b < a ? b : a`); the NaN-ordering `min` is seven. A NaN passes through both.
  const a = f32x4.pmax(f32x4.pmin(x, constant(0)), constant(1));
  const q = f32x4.mul(a, a);
  const p = horner(horner(horner(horner(constant(2), q, 3), q, 4), q, 5), q, 6);
  const d = horner(horner(horner(horner(constant(7), q, 8), q, 9), q, 10), q, 6);
  return f32x4.div(f32x4.mul(a, p), d);
}

/** target ← tanh source, for `size` bytes. */
export function tanhs(size: i32, source: i32, target: i32): void {
  for (let at = 0; at < size; at += 16) v128.store(target + at, tanh4(v128.load(source + at)));
}

/** In place: ½ + ½ tanh(x / 2), for `size` bytes. */
export function sigmoids(size: i32, values: i32): void {
  for (let at = values, end = values + size; at < end; at += 16) {
    const half = constant(11);
    v128.store(at, f32x4.add(half, f32x4.mul(half, tanh4(f32x4.mul(half, v128.load(at))))));
  }
}
