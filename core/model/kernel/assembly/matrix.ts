// Products of matrices, by tiles of 4 rows × 8 columns: 8 accumulators, 2 registers of the panel and 1 broadcast number stay within
// the 16 SIMD registers of x86-64, and 8 independent sums hide the latency of the additions (Goto & van de Geijn 2008, kernel level).
// Each sum runs over the inner index in ascending order with one rounding a product and one a sum, as in ../plain.ts.
// Addresses come in as indices of numbers; `<< 2` makes bytes.

// @ts-ignore: decorator
@inline
function plus(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** C ← bias + A B; see `affine` in ../kernel.ts. */
export function affine(
  rows: i32,
  inner: i32,
  columns: i32,
  a: i32,
  aStride: i32,
  panels: i32,
  bias: i32,
  c: i32,
  cStride: i32,
  scratch: i32,
): void {
  const width = (columns + 7) & ~7;
  const whole = rows & ~3;
  for (let row = 0; row < whole; row += 4) packRows(inner, (a + row * aStride) << 2, aStride << 2, (scratch + row * inner) << 2);
  for (let column = 0; column < width; column += 8) {
    const panel = (panels + column * inner) << 2;
    let low = f32x4.splat(0);
    let high = low;
    if (bias >= 0) {
      low = v128.load((bias + column) << 2);
      high = v128.load((bias + column) << 2, 16);
    }
    for (let row = 0; row < whole; row += 4) {
      tile(inner, (scratch + row * inner) << 2, panel, low, high, (c + row * cStride + column) << 2, cStride << 2);
    }
  }
  for (let row = whole; row < rows; row += 1) {
    vectorTimesPanels(inner, width, (a + row * aStride) << 2, panels << 2, bias, (c + row * cStride) << 2);
  }
}

/** Four rows of A become `inner` quadruples, so that a tile reads both its factors in one direction. */
function packRows(inner: i32, a: i32, aStride: i32, target: i32): void {
  for (let at = 0; at < inner << 2; at += 16) transposeFour(a + at, aStride, target + (at << 2), 16);
}

// @ts-ignore: decorator
@inline
function tile(inner: i32, a: i32, panel: i32, low: v128, high: v128, c: i32, cStride: i32): void {
  let c00 = low, c01 = high, c10 = low, c11 = high, c20 = low, c21 = high, c30 = low, c31 = high;
  let b = panel;
  for (const end = a + (inner << 4); a < end; a += 16, b += 32) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = plus(c00, x, b0); c01 = plus(c01, x, b1);
    x = v128.load32_splat(a, 4);
    c10 = plus(c10, x, b0); c11 = plus(c11, x, b1);
    x = v128.load32_splat(a, 8);
    c20 = plus(c20, x, b0); c21 = plus(c21, x, b1);
    x = v128.load32_splat(a, 12);
    c30 = plus(c30, x, b0); c31 = plus(c31, x, b1);
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c + cStride, c10); v128.store(c + cStride, c11, 16);
  v128.store(c + 2 * cStride, c20); v128.store(c + 2 * cStride, c21, 16);
  v128.store(c + 3 * cStride, c30); v128.store(c + 3 * cStride, c31, 16);
}

/** One row of A: four panels at a time, so that again 8 sums are under way. */
function vectorTimesPanels(inner: i32, width: i32, a: i32, panels: i32, bias: i32, c: i32): void {
  const size = inner << 5; // bytes of a panel
  const zero = f32x4.splat(0);
  let column = 0;
  for (; column + 32 <= width; column += 32) {
    const start = (bias + column) << 2;
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
    if (bias >= 0) {
      c0 = v128.load(start); c1 = v128.load(start, 16); c2 = v128.load(start, 32); c3 = v128.load(start, 48);
      c4 = v128.load(start, 64); c5 = v128.load(start, 80); c6 = v128.load(start, 96); c7 = v128.load(start, 112);
    }
    let p0 = panels + column * (inner << 2), p1 = p0 + size, p2 = p1 + size, p3 = p2 + size;
    for (let k = 0; k < inner; k += 1) {
      const x = v128.load32_splat(a + (k << 2));
      c0 = plus(c0, x, v128.load(p0)); c1 = plus(c1, x, v128.load(p0, 16));
      c2 = plus(c2, x, v128.load(p1)); c3 = plus(c3, x, v128.load(p1, 16));
      c4 = plus(c4, x, v128.load(p2)); c5 = plus(c5, x, v128.load(p2, 16));
      c6 = plus(c6, x, v128.load(p3)); c7 = plus(c7, x, v128.load(p3, 16));
      p0 += 32; p1 += 32; p2 += 32; p3 += 32;
    }
    const target = c + (column << 2);
    v128.store(target, c0); v128.store(target, c1, 16); v128.store(target, c2, 32); v128.store(target, c3, 48);
    v128.store(target, c4, 64); v128.store(target, c5, 80); v128.store(target, c6, 96); v128.store(target, c7, 112);
  }
  for (; column < width; column += 8) {
    let low = zero, high = zero;
    if (bias >= 0) {
      low = v128.load((bias + column) << 2);
      high = v128.load((bias + column) << 2, 16);
    }
    const panel = panels + column * (inner << 2);
    for (let k = 0; k < inner; k += 1) {
      const x = v128.load32_splat(a + (k << 2));
      low = plus(low, x, v128.load(panel + (k << 5)));
      high = plus(high, x, v128.load(panel + (k << 5), 16));
    }
    v128.store(c + (column << 2), low);
    v128.store(c + (column << 2), high, 16);
  }
}

/** C ← C + Aᵀ D into panels; see `addOuter` in ../kernel.ts. */
export function addOuter(rows: i32, m: i32, n: i32, a: i32, aStride: i32, d: i32, dStride: i32, c: i32): void {
  for (let column = 0; column < n; column += 8) {
    for (let i = 0; i < m; i += 4) {
      outerTile(rows, (a + i) << 2, aStride << 2, (d + column) << 2, dStride << 2, (c + column * m + i * 8) << 2);
    }
  }
}

// @ts-ignore: decorator
@inline
function outerTile(rows: i32, a: i32, aStride: i32, d: i32, dStride: i32, c: i32): void {
  let c00 = v128.load(c), c01 = v128.load(c, 16), c10 = v128.load(c, 32), c11 = v128.load(c, 48);
  let c20 = v128.load(c, 64), c21 = v128.load(c, 80), c30 = v128.load(c, 96), c31 = v128.load(c, 112);
  for (const end = d + rows * dStride; d < end; a += aStride, d += dStride) {
    const d0 = v128.load(d), d1 = v128.load(d, 16);
    let x = v128.load32_splat(a);
    c00 = plus(c00, x, d0); c01 = plus(c01, x, d1);
    x = v128.load32_splat(a, 4);
    c10 = plus(c10, x, d0); c11 = plus(c11, x, d1);
    x = v128.load32_splat(a, 8);
    c20 = plus(c20, x, d0); c21 = plus(c21, x, d1);
    x = v128.load32_splat(a, 12);
    c30 = plus(c30, x, d0); c31 = plus(c31, x, d1);
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c10, 32); v128.store(c, c11, 48);
  v128.store(c, c20, 64); v128.store(c, c21, 80); v128.store(c, c30, 96); v128.store(c, c31, 112);
}

/** target ← target + the sum of D's rows; see `addRows` in ../kernel.ts. */
export function addRows(rows: i32, columns: i32, d: i32, stride: i32, target: i32): void {
  for (let column = 0; column < columns; column += 4) {
    let sum = v128.load((target + column) << 2);
    for (let row = 0; row < rows; row += 1) sum = f32x4.add(sum, v128.load((d + row * stride + column) << 2));
    v128.store((target + column) << 2, sum);
  }
}

/** Panels of the transpose, by blocks of 8 × 8, which are whole in both; see `transpose` in ../kernel.ts. */
export function transpose(inner: i32, columns: i32, source: i32, target: i32): void {
  for (let column = 0; column < inner; column += 8) {
    for (let row = 0; row < columns; row += 4) {
      const from = (source + column * columns + row * 8) << 2;
      const to = (target + (row & ~7) * inner + column * 8 + (row & 4)) << 2;
      transposeFour(from, 32, to, 32);
      transposeFour(from + 16, 32, to + 128, 32);
    }
  }
}

/** Four rows of four numbers become their columns; strides in bytes. */
// @ts-ignore: decorator
@inline
function transposeFour(from: i32, fromStride: i32, to: i32, toStride: i32): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromStride);
  const r2 = v128.load(from + 2 * fromStride), r3 = v128.load(from + 3 * fromStride);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  v128.store(to + toStride, v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  v128.store(to + 2 * toStride, v128.shuffle<f32>(c, d, 0, 1, 4, 5));
  v128.store(to + 3 * toStride, v128.shuffle<f32>(c, d, 2, 3, 6, 7));
}
