/**
 * The arithmetic of training and forecasting, in float32, over one flat memory.
 *
 * Every buffer is an index into `floats` (in numbers, not bytes); matrices are row-major with an explicit stride where rows
 * may be wider than what is used. Two implementations give the same bits: `wasm-simd` (AssemblyScript, `assembly/`) and
 * `plain` (TypeScript, `plain.ts`), because each sum is taken in one stated order and each product and sum is rounded once.
 *
 * Panels: a matrix that others are multiplied by, and its gradient, is kept in *panels* of 8 columns: panel p holds its rows, one after
 * the other, of columns 8p…8p+7, with zeros past the last column.
 */
export interface Kernel {
  readonly backend: Backend;
  /** The memory; read it again after `reserve`, which may replace it. */
  readonly floats: Float32Array;
  /** Makes room for `count` numbers. What was there may be lost. */
  reserve(count: number): void;

  /**
   * target ← panels of the transpose of the columns × inner matrix whose panels are at `source`; `inner` a multiple of 8, `columns`
   * of 4. Where `columns` is not a multiple of 8, the rest of the last panel is left alone.
   */
  transpose(inner: number, columns: number, source: number, target: number): void;

  /**
   * C ← bias + A B. A: rows × inner (a multiple of 4), stride `aStride`; B: panels; C: rows × columns rounded up to 8, stride `cStride`; no bias: -1;
   * scratch: rows × inner.
   */
  affine(
    rows: number,
    inner: number,
    columns: number,
    a: number,
    aStride: number,
    panels: number,
    bias: number,
    c: number,
    cStride: number,
    scratch: number,
  ): void;
  /** C ← C + Aᵀ D. A: rows × m, stride `aStride`; D: rows × n, stride `dStride`; C: panels of m × n; m a multiple of 4, n of 8. */
  addOuter(rows: number, m: number, n: number, a: number, aStride: number, d: number, dStride: number, c: number): void;
  /** target ← target + the sum of the rows of D: rows × columns (a multiple of 4), stride `stride`. */
  addRows(rows: number, columns: number, d: number, stride: number, target: number): void;

  /**
   * An LSTM layer over all steps (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000; gates i, f, c, o as
   * Keras orders them). `inputs` and `units` are multiples of 4, padded with zeros. Row t·batch + b of `rows`, of width
   * inputs + units, is [x_t | h_(t-1)]; the caller fills x and the zero state of step 0, the layer writes h_t into row block t + 1.
   * `gates`: steps·batch × 4·units, after their activation; `cells`: (steps + 1)·batch × units, block 0 zero at the start;
   * `squashed`: steps·batch × units, tanh of the cells; `scratch`: batch × (inputs + units).
   */
  lstmForward(
    steps: number,
    batch: number,
    inputs: number,
    units: number,
    panels: number,
    bias: number,
    rows: number,
    gates: number,
    cells: number,
    squashed: number,
    scratch: number,
  ): void;
  /**
   * Its gradient (backpropagation through time). `outputGradients`: steps·batch × units, ∂L/∂h_t from above; `transposed`: panels
   * of the transposed kernel. Replaces `gates` by the gradients before the activations, adds to `kernelGradient`
   * (panels of (inputs + units) × 4·units) and `biasGradient`, and writes ∂L/∂x_t to `inputGradients` (steps·batch × inputs; none: -1).
   * `state`: scratch of batch × (inputs + units rounded up to 8) + batch × units; `scratch`: batch × 4·units.
   */
  lstmBackward(
    steps: number,
    batch: number,
    inputs: number,
    units: number,
    transposed: number,
    rows: number,
    gates: number,
    cells: number,
    squashed: number,
    outputGradients: number,
    inputGradients: number,
    kernelGradient: number,
    biasGradient: number,
    state: number,
    scratch: number,
  ): void;

  /**
   * target ← scale · source where a hash of (seed, position) is at least `threshold` (of 2³²), else 0; the same call on a gradient
   * is its derivative. rows × columns (a multiple of 4). Hash: lowbias32 (Wellons 2018) of seed + position · 2³²/φ.
   */
  dropout(
    rows: number,
    columns: number,
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    seed: number,
    threshold: number,
    scale: number,
  ): void;
  /** Sum of squares of `count` (a multiple of 4) numbers, in four interleaved partial sums. */
  sumSquares(count: number, source: number): number;
  /**
   * One step of Adam (Kingma & Ba 2015, algorithm 1) on `count` (a multiple of 4) weights: gradients are multiplied by
   * `gradientScale` first; `rate` = α / (1 - β₁ᵗ), `rootScale` = 1 / √(1 - β₂ᵗ); β₁ = .9, β₂ = .999, ε = 1e-8.
   */
  adam(
    count: number,
    weights: number,
    gradients: number,
    first: number,
    second: number,
    gradientScale: number,
    rate: number,
    rootScale: number,
  ): void;
}

export type Backend = 'wasm-simd' | 'plain';

/** Buffers begin here; the numbers below are the kernel's own constants. */
export const FIRST_FREE = 512;
