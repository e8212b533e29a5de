/** Sequences that are computed side by side: two SIMD registers of float32. */
export const LANES = 8;

/**
 * Eight sequences side by side: block t holds `rows` × 8 numbers, row-major, from `at + t · stride`. A stride of 0 keeps one block
 * for all steps, where nobody reads an earlier one again.
 */
export interface Lanes {
  readonly at: number;
  readonly rows: number;
  readonly stride: number;
}

/**
 * A matrix by which lanes are multiplied, in panels of 4 columns: panel p holds its rows, one after the other, of columns
 * 4p … 4p + 3. `columns` is a multiple of 4.
 */
export interface Panels {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
}

/** A matrix and, `columns` long, what is added to its products; -1: nothing. */
export interface Affine {
  readonly weights: Panels;
  readonly bias: number;
}

/**
 * An LSTM layer of `units` = `cells.rows` over eight sequences. Block t of `rows` is [x_t | h_(t-1)], of inputs + units rows (a multiple
 * of 4): the caller fills x and the zero state of block 0, the layer writes h_t into block t + 1. `gates`: 4·units rows, after
 * their activation; `cells`: c_(t-1) in block t, block 0 zero at the start; `squashed`: tanh of the cells.
 */
export interface LstmViews extends Affine {
  readonly rows: Lanes;
  readonly gates: Lanes;
  readonly cells: Lanes;
  readonly squashed: Lanes;
}

/** What the gradient of a layer reads and writes beside the layer's own views. */
export interface LstmGradientViews {
  /** Panels of the transposed weights. */
  readonly transposed: Panels;
  /** ∂L/∂h_t from above; units rows. */
  readonly above: Lanes;
  /** Block t: ∂L/∂[x_t | h_(t-1)]; one block more than steps. */
  readonly state: Lanes;
  /** Are added to. */
  readonly gradients: Affine;
  /** Room for `lstmScratch` numbers. */
  readonly scratch: number;
}

/** Steps whose products are summed together in `addOuter`. */
export const BLOCK = 16;

/** Numbers of scratch that `addOuter` needs for weights of this shape. */
export const outerScratch = ({ rows, columns }: Panels): number => BLOCK * LANES * (rows + columns);
/** Numbers of scratch that `lstmBackward` needs. */
export const lstmScratch = (weights: Panels): number => outerScratch(weights) + 2 * weights.columns;
/** Numbers of scratch that `lstmRow` needs. */
export const rowScratch = (units: number): number => 8 * (units + 4);

/** The view of the same shape somewhere else. */
export const movedBy = (count: number, { weights, bias }: Affine): Affine => ({
  weights: { ...weights, at: weights.at + count },
  bias: bias + count,
});
