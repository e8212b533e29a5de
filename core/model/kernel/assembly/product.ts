// Products with eight sequences side by side, by tiles of 4 columns of the weights × 8 lanes: 8 sums under way hide the latency of
// the additions, and with 2 registers of the input and 4 broadcast weights stay within the 15 SIMD registers that V8 has to give
// on x86-64 (Goto & van de Geijn 2008, kernel level). Each sum runs over the inner index in ascending order, as in ../plain.ts.
// Exports take indices of numbers, inner functions addresses; `<< 2` makes bytes of numbers, `<< 5` bytes of rows.
import { madd } from './madd';

/** See `affine` in ../kernel.ts. */
export function affine(
  steps: i32, weights: i32, inner: i32, columns: i32, bias: i32, input: i32, inputStride: i32, output: i32, outputStride: i32,
): void {
  for (let t = 0; t < steps; t += 1) {
    affineStep(weights << 2, inner, columns, bias, (input + t * inputStride) << 2, (output + t * outputStride) << 2);
  }
}

export function affineStep(weights: i32, inner: i32, columns: i32, bias: i32, input: i32, output: i32): void {
  for (const end = output + (columns << 5); output < end; output += 128, weights += inner << 4) {
    if (bias < 0) {
      const zero = f32x4.splat(0);
      tile(inner, weights, input, output, zero, zero, zero, zero);
    } else {
      const b = bias << 2;
      tile(
        inner, weights, input, output,
        v128.load32_splat(b), v128.load32_splat(b, 4), v128.load32_splat(b, 8), v128.load32_splat(b, 12),
      );
      bias += 4;
    }
  }
}

function tile(inner: i32, w: i32, input: i32, output: i32, s0: v128, s1: v128, s2: v128, s3: v128): void {
  let c00 = s0, c01 = s0, c10 = s1, c11 = s1, c20 = s2, c21 = s2, c30 = s3, c31 = s3;
  for (const end = w + (inner << 4); w < end; w += 16, input += 32) {
    const low = v128.load(input), high = v128.load(input, 16);
    let x = v128.load32_splat(w);
    c00 = madd(x, low, c00); c01 = madd(x, high, c01);
    x = v128.load32_splat(w, 4);
    c10 = madd(x, low, c10); c11 = madd(x, high, c11);
    x = v128.load32_splat(w, 8);
    c20 = madd(x, low, c20); c21 = madd(x, high, c21);
    x = v128.load32_splat(w, 12);
    c30 = madd(x, low, c30); c31 = madd(x, high, c31);
  }
  v128.store(output, c00); v128.store(output, c01, 16); v128.store(output, c10, 32); v128.store(output, c11, 48);
  v128.store(output, c20, 64); v128.store(output, c21, 80); v128.store(output, c30, 96); v128.store(output, c31, 112);
}

/** Panels of the transpose, by blocks of 4 × 4, which are whole in both; see `transpose` in ../kernel.ts. */
export function transpose(rows: i32, columns: i32, source: i32, target: i32): void {
  for (let column = 0; column < columns; column += 4) {
    for (let row = 0; row < rows; row += 4) {
      transposeFour((source + column * rows + row * 4) << 2, 16, (target + row * columns + column * 4) << 2);
    }
  }
}

/** Four rows of four numbers, `stride` bytes apart, become their columns, one after the other. */
// @ts-ignore: decorator
@inline
function transposeFour(from: i32, stride: i32, to: i32): void {
  const r0 = v128.load(from), r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride), r3 = v128.load(from + 3 * stride);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, b, 0, 1, 4, 5)); v128.store(to, v128.shuffle<f32>(a, b, 2, 3, 6, 7), 16);
  v128.store(to, v128.shuffle<f32>(c, d, 0, 1, 4, 5), 32); v128.store(to, v128.shuffle<f32>(c, d, 2, 3, 6, 7), 48);
}

/** The rows of `count` steps become quadruples of rows, lane after lane, so that `outer.ts` reads both its factors in one direction. */
export function pack(rows: i32, count: i32, source: i32, stride: i32, target: i32): void {
  for (let row = 0; row < rows; row += 4, source += 128) {
    for (let t = 0, from = source; t < count; t += 1, from += stride, target += 128) {
      transposeFour(from, 32, target);
      transposeFour(from + 16, 32, target + 64);
    }
  }
}
