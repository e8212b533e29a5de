// One sequence alone: lanes are columns of the weights, and seven quadruples of columns are summed at a time, as many as fit the
// registers with the weights they read. The sums have the order of those in product.ts, and so their bits.
import { sigmoids, tanhs } from './activation';
import { madd } from './madd';

/** See `rowAffine` in ../kernel.ts. */
export function rowAffine(weights: i32, inner: i32, columns: i32, bias: i32, input: i32, output: i32): void {
  const size = inner << 4; // bytes of a quadruple of columns
  let w = weights << 2, b = bias << 2, z = output << 2;
  const end = z + (columns << 2);
  const x = input << 2;
  for (; z + 112 <= end; z += 112, b += 112, w += 7 * size) seven(size, w, b, x, z);
  for (; z < end; z += 16, b += 16, w += size) {
    let sum = v128.load(b);
    for (let k = 0; k < size; k += 16) sum = madd(v128.load32_splat(x + (k >> 2)), v128.load(w + k), sum);
    v128.store(z, sum);
  }
}

function seven(size: i32, w0: i32, b: i32, x: i32, z: i32): void {
  let c0 = v128.load(b), c1 = v128.load(b, 16), c2 = v128.load(b, 32), c3 = v128.load(b, 48);
  let c4 = v128.load(b, 64), c5 = v128.load(b, 80), c6 = v128.load(b, 96);
  let w1 = w0 + size, w2 = w1 + size, w3 = w2 + size, w4 = w3 + size, w5 = w4 + size, w6 = w5 + size;
  for (const end = w1; w0 < end; x += 4) {
    const factor = v128.load32_splat(x);
    c0 = madd(factor, v128.load(w0), c0); c1 = madd(factor, v128.load(w1), c1);
    c2 = madd(factor, v128.load(w2), c2); c3 = madd(factor, v128.load(w3), c3);
    c4 = madd(factor, v128.load(w4), c4); c5 = madd(factor, v128.load(w5), c5);
    c6 = madd(factor, v128.load(w6), c6);
    w0 += 16; w1 += 16; w2 += 16; w3 += 16; w4 += 16; w5 += 16; w6 += 16;
  }
  v128.store(z, c0); v128.store(z, c1, 16); v128.store(z, c2, 32); v128.store(z, c3, 48);
  v128.store(z, c4, 64); v128.store(z, c5, 80); v128.store(z, c6, 96);
}

/** See `lstmRow` in ../kernel.ts. A last vector may reach three numbers past a gate: what it writes there is never read. */
export function lstmRow(
  steps: i32, inputs: i32, units: i32, weights: i32, bias: i32, rows: i32, stride: i32, scratch: i32,
): void {
  const size = units << 2;
  const padded = (size + 15) & ~15;
  const gates = scratch << 2, candidate = gates + 4 * size + 16, cells = candidate + padded, squashed = cells + padded;
  memory.fill(cells, 0, padded);
  for (let t = 0; t < steps; t += 1, rows += stride) {
    rowAffine(weights, inputs + units, 4 * units, bias, rows, scratch);
    tanhs(size, gates + 2 * size, candidate);
    sigmoids(4 * size, gates);
    for (let at = 0; at < size; at += 16) {
      const added = f32x4.mul(v128.load(gates + at), v128.load(candidate + at));
      v128.store(cells + at, madd(v128.load(gates + size + at), v128.load(cells + at), added));
    }
    tanhs(size, cells, squashed);
    const hidden = (rows + stride + inputs) << 2;
    for (let at = 0; at < size; at += 16) {
      v128.store(hidden + at, f32x4.mul(v128.load(gates + 3 * size + at), v128.load(squashed + at)));
    }
  }
}
