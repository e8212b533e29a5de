// tanh and the logistic function of many numbers: the same operations in the same order as in ../activation.ts.
// One result a turn of the loop, its constants held in registers: a second result's would not fit (V8 puts a turn's loads first).
import { madd } from './madd';

/**
 * Bound, P and Q from the highest power on; in memory below everything a caller lays out
 * (`FIRST_FREE` in ../kernel.ts): a broadcasting load is one instruction, where V8 builds a literal from four.
 */
const TANH = memory.data<f32>([
  8.984375, 1.33546669e-8, 2.06090874e-5, 3.49558851e-3, 0.13381026, 1, 7.77656086e-7, 3.28563539e-4, 2.58769838e-2, 0.467143416, 1,
]);
/** Those of tanh(x / 2) / 2 as a function of x: powers of two away, so exact. */
const HALVED = memory.data<f32>([
  17.96875, 1.33546669e-8 / 1024, 2.06090874e-5 / 256, 3.49558851e-3 / 64, 0.13381026 / 16, 0.25,
  7.77656086e-7 / 256, 3.28563539e-4 / 64, 2.58769838e-2 / 16, 0.467143416 / 4, 1,
]);

/** target ← tanh source, for `size` bytes. */
export function tanhs(size: i32, source: i32, target: i32): void {
  const b = v128.load32_splat(TANH), n = f32x4.neg(b);
  const p4 = v128.load32_splat(TANH, 4), p3 = v128.load32_splat(TANH, 8), p2 = v128.load32_splat(TANH, 12);
  const p1 = v128.load32_splat(TANH, 16), p0 = v128.load32_splat(TANH, 20);
  const q4 = v128.load32_splat(TANH, 24), q3 = v128.load32_splat(TANH, 28), q2 = v128.load32_splat(TANH, 32);
  const q1 = v128.load32_splat(TANH, 36);
  for (let at = 0; at < size; at += 16) {
    // The pseudo-minimum is one instruction (`b < a ? b : a`); the NaN-ordering `min` is seven. A NaN passes through both.
    const a = f32x4.pmax(f32x4.pmin(v128.load(source + at), b), n);
    const s = f32x4.mul(a, a);
    const p = madd(madd(madd(madd(p4, s, p3), s, p2), s, p1), s, p0);
    const q = madd(madd(madd(madd(q4, s, q3), s, q2), s, q1), s, p0);
    v128.store(target + at, f32x4.div(f32x4.mul(a, p), q));
  }
}

/** In place: ½ + ½ tanh(x / 2), for `size` bytes. */
export function sigmoids(size: i32, values: i32): void {
  const b = v128.load32_splat(HALVED), n = f32x4.neg(b), half = f32x4.splat(0.5);
  const p4 = v128.load32_splat(HALVED, 4), p3 = v128.load32_splat(HALVED, 8), p2 = v128.load32_splat(HALVED, 12);
  const p1 = v128.load32_splat(HALVED, 16), p0 = v128.load32_splat(HALVED, 20);
  const q4 = v128.load32_splat(HALVED, 24), q3 = v128.load32_splat(HALVED, 28), q2 = v128.load32_splat(HALVED, 32);
  const q1 = v128.load32_splat(HALVED, 36), q0 = v128.load32_splat(HALVED, 40);
  for (const end = values + size; values < end; values += 16) {
    const a = f32x4.pmax(f32x4.pmin(v128.load(values), b), n);
    const s = f32x4.mul(a, a);
    const p = madd(madd(madd(madd(p4, s, p3), s, p2), s, p1), s, p0);
    const q = madd(madd(madd(madd(q4, s, q3), s, q2), s, q1), s, q0);
    v128.store(values, f32x4.add(half, f32x4.div(f32x4.mul(a, p), q)));
  }
}
