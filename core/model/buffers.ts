import { FIRST_FREE } from './kernel/kernel.ts';
import { roundUp } from './kernel/panels.ts';
import type { LayerLayout, Layout } from './layout.ts';

/** What a pass is laid out for. */
export interface PassShape {
  readonly steps: number;
  readonly batch: number;
  /** First step that is answered; the answers of a batch are rows (step - from)·batch + sequence. */
  readonly from: number;
  /** Whether gradients and the optimiser's moments have room. */
  readonly training: boolean;
}

/** Where a layer's arrays begin in the kernel's memory; shapes as `lstmForward` and `lstmBackward` state them. */
export interface LayerBuffers {
  readonly layout: LayerLayout;
  /** Numbers in a row of `rows`. */
  readonly width: number;
  readonly transposed: number;
  readonly rows: number;
  readonly gates: number;
  readonly cells: number;
  readonly squashed: number;
  readonly outputGradients: number;
}

/** Where everything that a pass works on begins in the kernel's memory. */
export interface Buffers {
  readonly layers: readonly LayerBuffers[];
  /** These four are laid out as the parameter vector is. */
  readonly parameters: number;
  readonly gradients: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  /** Answered rows × units of the last layer; later the gradient in their place. */
  readonly headInput: number;
  readonly headTransposed: number;
  /** Answered rows × paddedOutputs. */
  readonly outputs: number;
  readonly state: number;
  readonly scratch: number;
  /** Numbers of memory needed. */
  readonly end: number;
}

export function buffersOf(layout: Layout, { steps, batch, from, training }: PassShape): Buffers {
  let next = FIRST_FREE;
  const take = (count: number): number => {
    const start = next;
    next += roundUp(count, 4);
    return start;
  };
  const takeToTrain = (count: number): number => take(training ? count : 0);
  const parameters = take(layout.size);
  const gradients = takeToTrain(layout.size);
  const firstMoment = takeToTrain(layout.size);
  const secondMoment = takeToTrain(layout.size);
  const layers = layout.layers.map((layer): LayerBuffers => {
    const { paddedInputs, paddedUnits } = layer;
    const width = paddedInputs + paddedUnits;
    return {
      layout: layer,
      width,
      transposed: takeToTrain(roundUp(width, 8) * 4 * paddedUnits),
      rows: take((steps + 1) * batch * width),
      gates: take(steps * batch * 4 * paddedUnits),
      cells: take((steps + 1) * batch * paddedUnits),
      squashed: take(steps * batch * paddedUnits),
      outputGradients: takeToTrain(steps * batch * paddedUnits),
    };
  });
  const units = layout.layers.at(-1)!.paddedUnits;
  const answers = (steps - from) * batch;
  const widest = (of: (layer: LayerBuffers) => number): number => Math.max(...layers.map(of));
  const rowWidth = widest(({ width, layout: { paddedUnits } }) => Math.max(width, 4 * paddedUnits));
  return {
    layers,
    parameters,
    gradients,
    firstMoment,
    secondMoment,
    headInput: take(answers * roundUp(units, 8)),
    headTransposed: takeToTrain(roundUp(units, 8) * layout.paddedOutputs),
    outputs: take(answers * layout.paddedOutputs),
    state: takeToTrain(batch * widest(({ width, layout: { paddedUnits } }) => roundUp(width, 8) + paddedUnits)),
    scratch: take(Math.max(batch * rowWidth, answers * Math.max(units, layout.paddedOutputs))),
    end: next,
  };
}
