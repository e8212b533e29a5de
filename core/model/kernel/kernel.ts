import type { Affine, Lanes, LstmGradientViews, LstmViews, Panels } from './views.ts';

/**
 * The arithmetic of training and forecasting, in float32, over one flat memory. Every `at`, `bias` or `scratch` is an index into
 * `floats` (in numbers, not bytes); views are described in `views.ts`.
 *
 * The result is specified to the bit: each product is fused with the sum it goes into (`fma32`: one rounding for both), and each
 * sum is taken in one stated order. `wasm-fma` (AssemblyScript, `assembly/`) does so by the machine's own instruction, `wasm-simd`
 * and `plain` (TypeScript, `plain.ts`) reach the same bits without it.
 */
export interface Kernel {
  readonly backend: Backend;
  /** The memory; read it again after `reserve`, which may replace it. */
  readonly floats: Float32Array;
  /** Makes room for `count` numbers. What was there may be lost. */
  reserve(count: number): void;

  /** a · b + c in one rounding. */
  multiplyAdd(a: number, b: number, c: number): number;
  /** target ← panels of the transpose of the matrix at `source`, whose `rows` is a multiple of 4. */
  transpose(source: Panels, target: Panels): void;

  /** output_t ← bias + Wᵀ input_t for each step; of the input's rows, those of W are read. */
  affine(steps: number, map: Affine, input: Lanes, output: Lanes): void;
  /**
   * The gradient of `affine` with respect to its weights and bias, added to `gradients`: Σ_t Σ_lanes input_t gradient_tᵀ and
   * Σ_t Σ_lanes gradient_t, by blocks of 16 steps. The matrix's `rows` is a multiple of 4; scratch: `outerScratch` numbers.
   */
  addOuter(steps: number, input: Lanes, gradient: Lanes, gradients: Affine, scratch: number): void;

  /**
   * An LSTM layer over all steps (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000; gates i, f, c, o as
   * Keras orders them).
   */
  lstmForward(steps: number, layer: LstmViews): void;
  /** Its gradient (backpropagation through time). Replaces `gates` by the gradients before the activations. */
  lstmBackward(steps: number, layer: LstmViews, gradient: LstmGradientViews): void;

  /** output ← bias + Wᵀ input for a single sequence: as many numbers as the matrix has rows and columns. */
  rowAffine(map: Affine, input: number, output: number): void;
  /**
   * An LSTM layer over a single sequence: row t of [x_t | h_(t-1)] is at `rows + t · stride`, and h_t goes into row t + 1. A stride of
   * at least 3 more than the row's numbers; scratch: `rowScratch` numbers. The bits are those of `lstmForward`.
   */
  lstmRow(steps: number, map: Affine, rows: number, stride: number, scratch: number): void;

  /**
   * target ← scale · source where a hash of (seed, position) is at least `threshold` (of 2³²), else 0; the same call on a gradient
   * is its derivative. Hash: lowbias32 (Wellons 2018) of seed + position · 2³²/φ. A threshold of 0 copies.
   */
  dropout(steps: number, source: Lanes, target: Lanes, mask: DropoutMask): void;
  /** Sum of squares of `count` (a multiple of 4) numbers, in four interleaved partial sums. */
  sumSquares(count: number, source: number): number;
  /** One step of Adam (Kingma & Ba 2015, algorithm 1) on `count` (a multiple of 4) weights. */
  adam(count: number, vectors: AdamVectors, step: AdamStep): void;
}

export interface DropoutMask {
  /** 32 bits. */
  readonly seed: number;
  readonly threshold: number;
  readonly scale: number;
}

/** Where the four vectors begin. */
export interface AdamVectors {
  readonly parameters: number;
  readonly gradients: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
}

/** β₁ = .9, β₂ = .999, ε = 1e-8. */
export interface AdamStep {
  /** By which gradients are multiplied first. */
  readonly scale: number;
  /** α / (1 - β₁ᵗ). */
  readonly rate: number;
  /** 1 / √(1 - β₂ᵗ). */
  readonly rootScale: number;
}

export type Backend = 'wasm-fma' | 'wasm-simd' | 'plain';

/** Buffers begin here; the numbers below are the kernel's own constants. */
export const FIRST_FREE = 512;
