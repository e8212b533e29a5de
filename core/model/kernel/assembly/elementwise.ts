// What is done number by number: dropout, the gradients' norm, and Adam; formulas and sources in ../kernel.ts.

export function dropout(
  rows: i32,
  columns: i32,
  source: i32,
  sourceStride: i32,
  target: i32,
  targetStride: i32,
  seed: i32,
  threshold: u32,
  scale: f32,
): void {
  const factor = f32x4.splat(scale);
  const limit = i32x4.splat(threshold);
  const golden = i32x4.splat(0x9e3779b9);
  for (let row = 0; row < rows; row += 1) {
    const from = (source + row * sourceStride) << 2;
    const to = (target + row * targetStride) << 2;
    for (let column = 0; column < columns; column += 4) {
      const position = i32x4.add(i32x4.splat(row * columns + column), i32x4(0, 1, 2, 3));
      const hash = lowbias4(i32x4.add(i32x4.splat(seed), i32x4.mul(position, golden)));
      const scaled = f32x4.mul(factor, v128.load(from + (column << 2)));
      v128.store(to + (column << 2), v128.and(scaled, i32x4.ge_u(hash, limit)));
    }
  }
}

// @ts-ignore: decorator
@inline
function lowbias4(seed: v128): v128 {
  let x = i32x4.mul(v128.xor(seed, i32x4.shr_u(seed, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

export function sumSquares(count: i32, source: i32): f32 {
  let sums = f32x4.splat(0);
  for (let at = source << 2, end = (source + count) << 2; at < end; at += 16) {
    const x = v128.load(at);
    sums = f32x4.add(sums, f32x4.mul(x, x));
  }
  return (
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3))
  );
}

export function adam(
  count: i32,
  weights: i32,
  gradients: i32,
  first: i32,
  second: i32,
  gradientScale: f32,
  rate: f32,
  rootScale: f32,
): void {
  const scale = f32x4.splat(gradientScale);
  const step = f32x4.splat(rate);
  const root = f32x4.splat(rootScale);
  const keep1 = f32x4.splat(0.9);
  const add1 = f32x4.splat(0.1);
  const keep2 = f32x4.splat(0.999);
  const add2 = f32x4.splat(0.001);
  const epsilon = f32x4.splat(1e-8);
  for (let at = 0, end = count << 2; at < end; at += 16) {
    const g = f32x4.mul(v128.load((gradients << 2) + at), scale);
    const mean = f32x4.add(f32x4.mul(keep1, v128.load((first << 2) + at)), f32x4.mul(add1, g));
    const square = f32x4.add(f32x4.mul(keep2, v128.load((second << 2) + at)), f32x4.mul(add2, f32x4.mul(g, g)));
    v128.store((first << 2) + at, mean);
    v128.store((second << 2) + at, square);
    const change = f32x4.div(f32x4.mul(step, mean), f32x4.add(f32x4.mul(f32x4.sqrt(square), root), epsilon));
    v128.store((weights << 2) + at, f32x4.sub(v128.load((weights << 2) + at), change));
  }
}
