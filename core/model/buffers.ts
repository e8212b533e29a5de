import { FIRST_FREE } from './kernel/kernel.ts';
import { LANES, lstmScratch, outerScratch } from './kernel/views.ts';
import {
  movedBy,
  type Affine,
  type Lanes,
  type LstmGradientViews,
  type LstmViews,
  type Panels,
} from './kernel/views.ts';
import type { LayerLayout, Layout } from './layout.ts';

/** What a pass is laid out for. */
export interface PassShape {
  readonly steps: number;
  readonly batch: number;
  /** First step that is answered. */
  readonly from: number;
  /** Whether gradients and the optimiser's moments have room. */
  readonly training: boolean;
}

/** What is one for all sequences. The four vectors are laid out as the parameter vector is. */
export interface SharedBuffers {
  readonly parameters: number;
  readonly gradients: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  /** Of each layer's weights, and of the head's. */
  readonly transposed: readonly Panels[];
  readonly transposedHead: Panels;
  readonly scratch: number;
}

/** A layer's views for one group of eight sequences; gradients are laid out for training alone. */
export interface LayerBuffers {
  readonly layout: LayerLayout;
  readonly forward: LstmViews;
  readonly backward: LstmGradientViews;
}

export interface GroupBuffers {
  readonly layers: readonly LayerBuffers[];
  /** The last layer's outputs at the answered steps, after dropout. */
  readonly headInput: Lanes;
  readonly headGradient: Lanes;
  /** Answers, later the loss's gradient in their place. */
  readonly answers: Lanes;
}

export interface Buffers extends SharedBuffers {
  readonly groups: readonly GroupBuffers[];
  /** Numbers of memory needed. */
  readonly end: number;
}

export function buffersOf(layout: Layout, { steps, batch, from, training }: PassShape): Buffers {
  let next = FIRST_FREE;
  const take = (count: number): number => {
    next += count;
    return next - count;
  };
  const toTrain = (count: number): number => take(training ? count : 0);
  /** Of so many steps; `kept` false: one block for all. */
  const lanes = (rows: number, count: number, kept = true): Lanes => {
    const stride = kept ? rows * LANES : 0;
    return { at: take(kept ? count * stride : rows * LANES), rows, stride };
  };
  const transpose = ({ weights: { rows, columns } }: Affine): Panels => ({
    at: toTrain(rows * columns),
    rows: columns,
    columns: rows,
  });
  const maps = layout.layers.map(({ map }) => map);
  const shared: SharedBuffers = {
    parameters: take(layout.size),
    gradients: toTrain(layout.size),
    firstMoment: toTrain(layout.size),
    secondMoment: toTrain(layout.size),
    transposed: maps.map(transpose),
    transposedHead: transpose(layout.head),
    scratch: toTrain(Math.max(outerScratch(layout.head.weights), ...maps.map(({ weights }) => lstmScratch(weights)))),
  };
  const layer = (own: LayerLayout, index: number): LayerBuffers => {
    const { rows, columns } = own.map.weights;
    return {
      layout: own,
      forward: {
        ...movedBy(shared.parameters, own.map),
        rows: lanes(rows, steps + 1),
        gates: lanes(columns, steps, training),
        cells: lanes(own.units, steps + 1, training),
        squashed: lanes(own.units, steps, training),
      },
      backward: {
        // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- one a layer
        transposed: shared.transposed[index]!,
        gradients: movedBy(shared.gradients, own.map),
        above: lanes(own.units, training ? steps : 0),
        // Nothing lies below the first layer to read the gradient of its input.
        state: lanes(rows, training ? steps + 1 : 0, index > 0),
        scratch: shared.scratch,
      },
    };
  };
  const { rows, columns } = layout.head.weights;
  const groups = Array.from({ length: Math.ceil(batch / LANES) }, () => ({
    layers: layout.layers.map(layer),
    headInput: lanes(rows, steps - from),
    headGradient: lanes(rows, training ? steps - from : 0),
    answers: lanes(columns, steps - from),
  }));
  return { ...shared, groups, end: next };
}
