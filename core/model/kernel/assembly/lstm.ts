// An LSTM layer over all its steps, forward and backward; shapes and layout in `lstmForward` and `lstmBackward` of ../kernel.ts.

import { sigmoids, tanhs } from './activation';
import { addOuter, addRows, affine } from './matrix';

export function lstmForward(
  steps: i32,
  batch: i32,
  inputs: i32,
  units: i32,
  panels: i32,
  bias: i32,
  rows: i32,
  gates: i32,
  cells: i32,
  squashed: i32,
  scratch: i32,
): void {
  const width = inputs + units;
  for (let first = 0; first < steps * batch; first += batch) {
    const z = gates + first * 4 * units;
    affine(batch, width, 4 * units, rows + first * width, width, panels, bias, z, 4 * units, scratch);
    for (let row = first; row < first + batch; row += 1) {
      activate(
        units << 2,
        (gates + row * 4 * units) << 2,
        (cells + row * units) << 2,
        (cells + (row + batch) * units) << 2,
        (squashed + row * units) << 2,
        (rows + (row + batch) * width + inputs) << 2,
      );
    }
  }
}

/** c ← f c + i g, h ← o tanh c for one sequence; addresses and `size`, a gate's extent, in bytes. */
function activate(size: i32, gates: i32, previous: i32, cells: i32, squashed: i32, hidden: i32): void {
  const f = gates + size;
  const g = f + size;
  const o = g + size;
  sigmoids(2 * size, gates);
  tanhs(size, g, g);
  sigmoids(size, o);
  for (let at = 0; at < size; at += 16) {
    const kept = f32x4.mul(v128.load(f + at), v128.load(previous + at));
    v128.store(cells + at, f32x4.add(kept, f32x4.mul(v128.load(gates + at), v128.load(g + at))));
  }
  tanhs(size, cells, squashed);
  for (let at = 0; at < size; at += 16) {
    v128.store(hidden + at, f32x4.mul(v128.load(o + at), v128.load(squashed + at)));
  }
}

export function lstmBackward(
  steps: i32,
  batch: i32,
  inputs: i32,
  units: i32,
  transposed: i32,
  rows: i32,
  gates: i32,
  cells: i32,
  squashed: i32,
  outputGradients: i32,
  inputGradients: i32,
  kernelGradient: i32,
  biasGradient: i32,
  state: i32,
  scratch: i32,
): void {
  const width = inputs + units;
  const stateWidth = (width + 7) & ~7;
  const cellGradient = state + batch * stateWidth;
  memory.fill(state << 2, 0, (batch * (stateWidth + units)) << 2);
  for (let first = (steps - 1) * batch; first >= 0; first -= batch) {
    for (let b = 0; b < batch; b += 1) {
      const row = first + b;
      differentiate(
        units << 2,
        (gates + row * 4 * units) << 2,
        (cells + row * units) << 2,
        (squashed + row * units) << 2,
        (outputGradients + row * units) << 2,
        (state + b * stateWidth + inputs) << 2,
        (cellGradient + b * units) << 2,
      );
    }
    const d = gates + first * 4 * units;
    affine(batch, 4 * units, width, d, 4 * units, transposed, -1, state, stateWidth, scratch);
    if (inputGradients >= 0) {
      for (let b = 0; b < batch; b += 1) {
        memory.copy((inputGradients + (first + b) * inputs) << 2, (state + b * stateWidth) << 2, inputs << 2);
      }
    }
    addOuter(batch, width, 4 * units, rows + first * width, width, d, 4 * units, kernelGradient);
    addRows(batch, 4 * units, d, 4 * units, biasGradient);
  }
}

/**
 * Gradients before the activations for one sequence: with dh from above and from the next step, dc ← dc + dh o (1 - tanh² c);
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
    const throughTanh = f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(s, s)));
    const dc = f32x4.add(v128.load(cell + at), throughTanh);
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
