// An LSTM layer over all its steps for eight sequences, forward and backward; shapes and formulas in ../kernel.ts.
import { sigmoids, tanhs } from './activation';
import { madd } from './madd';
import { addBlock, BLOCK } from './outer';
import { affineStep } from './product';

export function lstmForward(
  steps: i32, inputs: i32, units: i32, weights: i32, bias: i32, rows: i32, rowsStride: i32, gates: i32, gatesStride: i32,
  cells: i32, cellsStride: i32, squashed: i32, squashedStride: i32,
): void {
  for (let t = 0; t < steps; t += 1) {
    const row = (rows + t * rowsStride) << 2;
    const z = (gates + t * gatesStride) << 2;
    const cell = (cells + t * cellsStride) << 2;
    affineStep(weights << 2, inputs + units, 4 * units, bias, row, z);
    const hidden = row + (rowsStride << 2) + (inputs << 5);
    activate(units << 5, z, cell, cell + (cellsStride << 2), (squashed + t * squashedStride) << 2, hidden);
  }
}

/** c ← f c + i g, h ← o tanh c; addresses and `size`, a gate's extent, in bytes. */
function activate(size: i32, gates: i32, previous: i32, cells: i32, squashed: i32, hidden: i32): void {
  const f = gates + size;
  const g = f + size;
  const o = g + size;
  sigmoids(2 * size, gates);
  tanhs(size, g, g);
  sigmoids(size, o);
  for (let at = 0; at < size; at += 16) {
    const added = f32x4.mul(v128.load(gates + at), v128.load(g + at));
    v128.store(cells + at, madd(v128.load(f + at), v128.load(previous + at), added));
  }
  tanhs(size, cells, squashed);
  for (let at = 0; at < size; at += 16) {
    v128.store(hidden + at, f32x4.mul(v128.load(o + at), v128.load(squashed + at)));
  }
}

export function lstmBackward(
  steps: i32, inputs: i32, units: i32, transposed: i32, rows: i32, rowsStride: i32, gates: i32, gatesStride: i32,
  cells: i32, cellsStride: i32, squashed: i32, squashedStride: i32, above: i32, aboveStride: i32, state: i32, stateStride: i32,
  weightGradient: i32, biasGradient: i32, scratch: i32,
): void {
  const width = inputs + units;
  const cellGradient = scratch << 2;
  const packed = cellGradient + (units << 5);
  memory.fill((state + steps * stateStride) << 2, 0, width << 5);
  memory.fill(cellGradient, 0, units << 5);
  for (let t = steps - 1; t >= 0; t -= 1) {
    const z = (gates + t * gatesStride) << 2;
    const gradient = (state + t * stateStride) << 2; // of x_t and h_(t-1); the block after it has that of h_t
    differentiate(
      units << 5, z, (cells + t * cellsStride) << 2, (squashed + t * squashedStride) << 2, (above + t * aboveStride) << 2,
      gradient + (stateStride << 2) + (inputs << 5), cellGradient,
    );
    affineStep(transposed << 2, 4 * units, width, -1, z, gradient);
    if (t % BLOCK == 0) {
      addBlock(
        min(BLOCK, steps - t), (rows + t * rowsStride) << 2, rowsStride << 2, width, z, gatesStride << 2, 4 * units,
        weightGradient << 2, biasGradient << 2, packed,
      );
    }
  }
}

/**
 * Gradients before the activations: with dh from above and from the next step, dc ← dc + dh o (1 - tanh² c);
 * di = dc g i (1 - i), df = dc c₋₁ f (1 - f), dg = dc i (1 - g²), do = dh tanh c · o (1 - o), and dc₋₁ = dc f.
 */
function differentiate(size: i32, gates: i32, previous: i32, squashed: i32, above: i32, next: i32, cell: i32): void {
  const one = f32x4.splat(1);
  for (let at = 0; at < size; at += 16) {
    const gate = gates + at;
    const i = v128.load(gate);
    const f = v128.load(gate + size);
    const g = v128.load(gate + 2 * size);
    const o = v128.load(gate + 3 * size);
    const s = v128.load(squashed + at);
    const dh = f32x4.add(v128.load(above + at), v128.load(next + at));
    const dc = madd(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(s, s)), v128.load(cell + at));
    v128.store(gate, f32x4.mul(f32x4.mul(dc, g), slope(i)));
    v128.store(gate + size, f32x4.mul(f32x4.mul(dc, v128.load(previous + at)), slope(f)));
    v128.store(gate + 2 * size, f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g))));
    v128.store(gate + 3 * size, f32x4.mul(f32x4.mul(dh, s), slope(o)));
    v128.store(cell + at, f32x4.mul(dc, f));
  }
}

/** Derivative of the logistic function by its value. */
// @ts-ignore: decorator
@inline
function slope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}
