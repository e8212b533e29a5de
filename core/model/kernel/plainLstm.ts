/* eslint-disable @typescript-eslint/no-non-null-assertion -- views lie within the memory that `reserve` made */
import { sigmoid32, tanh32 } from './activation.ts';
import { fma32 } from './fma.ts';
import type { Kernel } from './kernel.ts';
import { BLOCK, LANES, type Affine, type Lanes, type LstmGradientViews, type LstmViews } from './views.ts';

const f = Math.fround;
const block = ({ at, stride }: Lanes, t: number): number => at + t * stride;

/** The products that the layer is made of: `PlainKernel` without its LSTM. */
interface Products extends Pick<Kernel, 'floats' | 'affine' | 'rowAffine'> {
  addOuter(steps: number, input: Lanes, gradient: Lanes, gradients: Affine): void;
}

/** The LSTM of `PlainKernel`. */
export function lstmForward(kernel: Products, steps: number, layer: LstmViews): void {
  const { rows, gates, cells, squashed } = layer;
  const inputs = rows.rows - cells.rows;
  for (let t = 0; t < steps; t += 1) {
    kernel.affine(1, layer, { ...rows, at: block(rows, t) }, { ...gates, at: block(gates, t) });
    activate(kernel.floats, cells.rows * LANES, {
      gates: block(gates, t),
      previous: block(cells, t),
      cells: block(cells, t + 1),
      squashed: block(squashed, t),
      hidden: block(rows, t + 1) + inputs * LANES,
    });
  }
}

export function lstmRow(kernel: Products, steps: number, map: Affine, rows: number, stride: number, scratch: number) {
  const units = map.weights.columns / 4;
  const [gates, cells, squashed] = [scratch, scratch + 4 * units, scratch + 5 * units];
  kernel.floats.fill(0, cells, cells + units);
  for (let t = 0; t < steps; t += 1) {
    kernel.rowAffine(map, rows + t * stride, gates);
    const hidden = rows + (t + 1) * stride + map.weights.rows - units;
    activate(kernel.floats, units, { gates, previous: cells, cells, squashed, hidden });
  }
}

/** c ← f c + i g, h ← o tanh c; `size`: numbers of a gate. */
function activate(
  m: Float32Array,
  size: number,
  at: { gates: number; previous: number; cells: number; squashed: number; hidden: number },
): void {
  for (let k = 0; k < size; k += 1) {
    const z = at.gates + k;
    const i = (m[z] = sigmoid32(m[z]!));
    const forget = (m[z + size] = sigmoid32(m[z + size]!));
    const candidate = (m[z + 2 * size] = tanh32(m[z + 2 * size]!));
    const o = (m[z + 3 * size] = sigmoid32(m[z + 3 * size]!));
    const cell = (m[at.cells + k] = fma32(forget, m[at.previous + k]!, f(i * candidate)));
    const s = (m[at.squashed + k] = tanh32(cell));
    m[at.hidden + k] = o * s;
  }
}

export function lstmBackward(kernel: Products, steps: number, layer: LstmViews, gradient: LstmGradientViews): void {
  const { rows, gates, cells } = layer;
  const { state, transposed, gradients, scratch } = gradient;
  const m = kernel.floats;
  const [units, size] = [cells.rows, cells.rows * LANES];
  m.fill(0, block(state, steps), block(state, steps) + rows.rows * LANES);
  m.fill(0, scratch, scratch + size); // of the cells
  for (let t = steps - 1; t >= 0; t -= 1) {
    const next = block(state, t + 1) + (rows.rows - units) * LANES;
    differentiate(m, size, {
      gates: block(gates, t),
      previous: block(cells, t),
      squashed: block(layer.squashed, t),
      above: block(gradient.above, t),
      next,
      cell: scratch,
    });
    const z = { ...gates, at: block(gates, t) };
    kernel.affine(1, { weights: transposed, bias: -1 }, z, { ...state, at: block(state, t) });
    const count = Math.min(BLOCK, steps - t);
    if (t % BLOCK === 0) kernel.addOuter(count, { ...rows, at: block(rows, t) }, z, gradients);
  }
}

/**
 * Gradients before the activations: with dh from above and from the next step, dc ← dc + dh o (1 - tanh² c);
 * di = dc g i (1 - i), df = dc c₋₁ f (1 - f), dg = dc i (1 - g²), do = dh tanh c · o (1 - o), and dc₋₁ = dc f.
 */
function differentiate(
  m: Float32Array,
  size: number,
  at: { gates: number; previous: number; squashed: number; above: number; next: number; cell: number },
): void {
  for (let k = 0; k < size; k += 1) {
    const z = at.gates + k;
    const [i, forget, candidate, o] = [m[z]!, m[z + size]!, m[z + 2 * size]!, m[z + 3 * size]!];
    const s = m[at.squashed + k]!;
    const dh = f(m[at.above + k]! + m[at.next + k]!);
    const dc = fma32(f(dh * o), f(1 - f(s * s)), m[at.cell + k]!);
    m[z] = f(f(dc * candidate) * f(i * f(1 - i)));
    m[z + size] = f(f(dc * m[at.previous + k]!) * f(forget * f(1 - forget)));
    m[z + 2 * size] = f(f(dc * i) * f(1 - f(candidate * candidate)));
    m[z + 3 * size] = f(f(dh * s) * f(o * f(1 - o)));
    m[at.cell + k] = dc * forget;
  }
}
