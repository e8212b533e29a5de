// Gradients of weights: sums over steps and lanes of products of an input's rows with a gradient's, by tiles of 4 rows × 8 columns.
// Blocks of 16 steps are packed first, so that a tile reads two short streams that stay in the first-level cache.
import { madd } from './madd';
import { pack } from './product';

/** Steps of a block; sums run over blocks in the order of the calls, within a block over steps and lanes ascending. */
export const BLOCK = 16;

/** See `addOuter` in ../kernel.ts. */
export function addOuter(
  steps: i32, input: i32, inputStride: i32, inner: i32, gradient: i32, gradientStride: i32, columns: i32,
  weights: i32, bias: i32, scratch: i32,
): void {
  for (let t = 0; t < steps; t += BLOCK) {
    addBlock(
      min(BLOCK, steps - t), (input + t * inputStride) << 2, inputStride << 2, inner,
      (gradient + t * gradientStride) << 2, gradientStride << 2, columns, weights << 2, bias << 2, scratch << 2,
    );
  }
}

export function addBlock(
  count: i32, input: i32, inputStride: i32, inner: i32, gradient: i32, gradientStride: i32, columns: i32,
  weights: i32, bias: i32, packed: i32,
): void {
  const quadruple = count << 7; // bytes of a packed quadruple of rows
  const factors = packed + (columns >> 2) * quadruple;
  pack(columns, count, gradient, gradientStride, packed);
  pack(inner, count, input, inputStride, factors);
  for (let column = 0; column < columns; column += 8) {
    const d = packed + (column >> 2) * quadruple;
    const c = weights + column * (inner << 2);
    if (column + 8 <= columns) {
      addRows(quadruple, d, bias + (column << 2));
      addRows(quadruple, d + quadruple, bias + (column << 2) + 16);
      for (let k = 0; k < inner; k += 4) tile(quadruple, factors + (k >> 2) * quadruple, d, c + (k << 4), inner << 4);
    } else {
      addRows(quadruple, d, bias + (column << 2));
      for (let k = 0; k < inner; k += 4) narrowTile(quadruple, factors + (k >> 2) * quadruple, d, c + (k << 4));
    }
  }
}

/** bias ← bias + the sum of the packed rows, in four interleaved sums. */
function addRows(size: i32, d: i32, bias: i32): void {
  const zero = f32x4.splat(0);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
  for (const end = d + size; d < end; d += 64) {
    s0 = f32x4.add(s0, v128.load(d)); s1 = f32x4.add(s1, v128.load(d, 16));
    s2 = f32x4.add(s2, v128.load(d, 32)); s3 = f32x4.add(s3, v128.load(d, 48));
  }
  v128.store(bias, f32x4.add(v128.load(bias), f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))));
}

function tile(size: i32, a: i32, d: i32, c: i32, cStride: i32): void {
  const n = c + cStride;
  let c00 = v128.load(c), c10 = v128.load(c, 16), c20 = v128.load(c, 32), c30 = v128.load(c, 48);
  let c01 = v128.load(n), c11 = v128.load(n, 16), c21 = v128.load(n, 32), c31 = v128.load(n, 48);
  for (const end = a + size; a < end; a += 16, d += 16) {
    const d0 = v128.load(d), d1 = v128.load(d + size);
    let x = v128.load32_splat(a);
    c00 = madd(x, d0, c00); c01 = madd(x, d1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, d0, c10); c11 = madd(x, d1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, d0, c20); c21 = madd(x, d1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, d0, c30); c31 = madd(x, d1, c31);
  }
  v128.store(c, c00); v128.store(c, c10, 16); v128.store(c, c20, 32); v128.store(c, c30, 48);
  v128.store(n, c01); v128.store(n, c11, 16); v128.store(n, c21, 32); v128.store(n, c31, 48);
}

/** The last four columns where their number is no multiple of 8. */
function narrowTile(size: i32, a: i32, d: i32, c: i32): void {
  let c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
  for (const end = a + size; a < end; a += 16, d += 16) {
    const d0 = v128.load(d);
    c0 = madd(v128.load32_splat(a), d0, c0); c1 = madd(v128.load32_splat(a, 4), d0, c1);
    c2 = madd(v128.load32_splat(a, 8), d0, c2); c3 = madd(v128.load32_splat(a, 12), d0, c3);
  }
  v128.store(c, c0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
}
