// What is done number by number: dropout, the gradients' norm, and Adam; formulas and sources in ../kernel.ts.

/** See `dropout` in ../kernel.ts; without a threshold it is a copy. */
export function dropout(
  steps: i32, rows: i32, source: i32, sourceStride: i32, target: i32, targetStride: i32, seed: i32, threshold: u32, scale: f32,
): void {
  const factor = f32x4.splat(scale);
  const limit = i32x4.splat(threshold);
  const step = i32x4.splat(4 * 0x9e3779b9); // four positions on
  let position = i32x4.add(i32x4.splat(seed), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(0x9e3779b9)));
  for (let t = 0; t < steps; t += 1) {
    let from = (source + t * sourceStride) << 2;
    let to = (target + t * targetStride) << 2;
    if (threshold == 0) {
      memory.copy(to, from, rows << 5);
      continue;
    }
    for (const end = from + (rows << 5); from < end; from += 16, to += 16, position = i32x4.add(position, step)) {
      const kept = i32x4.ge_u(lowbias4(position), limit);
      v128.store(to, v128.and(f32x4.mul(factor, v128.load(from)), kept));
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
  count: i32, weights: i32, gradients: i32, first: i32, second: i32, gradientScale: f32, rate: f32, rootScale: f32,
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
