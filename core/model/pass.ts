/* eslint-disable @typescript-eslint/no-non-null-assertion -- a network has a layer, buffers have an element a layer, groups are for all sequences of the batch, and features are of the stated length */
import { buffersOf, type Buffers, type GroupBuffers, type LayerBuffers, type PassShape } from './buffers.ts';
import { FEATURES } from './features.ts';
import { dropoutMask } from './kernel/dropoutMask.ts';
import type { DropoutMask, Kernel } from './kernel/kernel.ts';
import { LANES, movedBy, type Lanes } from './kernel/views.ts';
import { layoutOf, type Layout } from './layout.ts';
import type { AnswerView, Learner } from './training/learner.ts';
import type { ModelSpec } from './spec.ts';

const shifted = (lanes: Lanes, steps: number, rows: number, count: number): Lanes => ({
  at: lanes.at + steps * lanes.stride + rows * LANES,
  rows: count,
  stride: lanes.stride,
});

/**
 * A network laid out in a kernel's memory for sequences of one shape: forward, backward and the optimiser's step. Sequences go
 * through it in groups of eight, one after the other, each on memory of its own.
 */
export class Pass implements Learner {
  readonly layout: Layout;
  readonly shape: PassShape;
  readonly #kernel: Kernel;
  readonly #dropout: number;
  readonly #at: Buffers;

  constructor(kernel: Kernel, spec: ModelSpec, shape: PassShape) {
    this.layout = layoutOf(spec);
    this.shape = shape;
    this.#kernel = kernel;
    this.#dropout = shape.training ? spec.dropout : 0;
    this.#at = buffersOf(this.layout, shape);
    kernel.reserve(this.#at.end);
  }

  /** Takes over a parameter vector; the optimiser's moments start at zero. */
  load(parameters: Float32Array): void {
    const { floats } = this.#kernel;
    // Much is never written and must be zero: states before the first step, padding, gradients of steps that are not answered.
    floats.fill(0, this.#at.parameters, this.#at.end);
    floats.set(parameters, this.#at.parameters);
    this.#transpose();
  }

  /** A copy of the parameter vector. */
  parameters(): Float32Array {
    return this.#vector(this.#at.parameters).slice();
  }

  /** A copy of the gradients of the last `backward`. */
  gradients(): Float32Array {
    return this.#vector(this.#at.gradients).slice();
  }

  /** Puts in one sequence: steps × FEATURES numbers. */
  setInput(sequence: number, features: Float32Array): void {
    const { floats } = this.#kernel;
    const { at, stride } = this.#group(sequence).layers[0]!.forward.rows;
    for (let t = 0, from = 0; t < this.shape.steps; t += 1) {
      const lane = at + t * stride + (sequence % LANES);
      for (let k = 0; k < FEATURES; k += 1, from += 1) floats[lane + k * LANES] = features[from]!;
    }
  }

  /** The answers of one sequence at the steps from `shape.from` on. */
  answersOf(sequence: number): AnswerView {
    const { at, stride } = this.#group(sequence).answers;
    return { floats: this.#kernel.floats, at: at + (sequence % LANES), stride, spacing: LANES };
  }

  /** Answers of all sequences. `dropoutSeed` given: a training pass, with dropout after each layer. */
  forward(dropoutSeed?: number): void {
    const { steps, from } = this.shape;
    this.#at.groups.forEach((group, g) => {
      const mask = (layer: number): DropoutMask => this.#mask(dropoutSeed, layer, g);
      group.layers.forEach(({ forward, layout }, index) => {
        const below = group.layers[index - 1];
        if (below) {
          const inputs = shifted(forward.rows, 0, 0, layout.inputs);
          this.#kernel.dropout(steps, outputsOf(below, 0), inputs, mask(index - 1));
        }
        this.#kernel.lstmForward(steps, forward);
      });
      const last = group.layers.length - 1;
      const top = outputsOf(group.layers[last]!, from);
      this.#kernel.dropout(steps - from, top, group.headInput, mask(last));
      const head = movedBy(this.#at.parameters, this.layout.head);
      this.#kernel.affine(steps - from, head, group.headInput, group.answers);
    });
  }

  /**
   * Gradients of all weights after a `forward` with the same seed; the caller has replaced the answers by the loss's gradient with
   * respect to them: zeros past `layout.outputs` and where there is no sequence.
   */
  backward(dropoutSeed?: number): void {
    const { steps, from } = this.shape;
    const { gradients, transposedHead, scratch } = this.#at;
    this.#vector(gradients).fill(0);
    this.#clearSpareLanes();
    this.#at.groups.forEach(({ layers, headInput, headGradient, answers }, g) => {
      const kernel = this.#kernel;
      const head = movedBy(gradients, this.layout.head);
      kernel.addOuter(steps - from, headInput, answers, head, scratch);
      kernel.affine(steps - from, { weights: transposedHead, bias: -1 }, answers, headGradient);
      for (let index = layers.length - 1; index >= 0; index -= 1) {
        const { forward, backward, layout } = layers[index]!;
        const above = layers[index + 1];
        const source = above ? above.backward.state : headGradient;
        const first = above ? 0 : from;
        const target = shifted(backward.above, first, 0, layout.units);
        kernel.dropout(steps - first, { ...source, rows: layout.units }, target, this.#mask(dropoutSeed, index, g));
        kernel.lstmBackward(steps, forward, backward);
      }
    });
  }

  /**
   * One step of Adam, after clipping the gradients' joint norm to `clipNorm` (Pascanu, Mikolov & Bengio 2013).
   * @param step 1 for the first.
   */
  update(step: number, learningRate: number, clipNorm: number): void {
    const norm = Math.sqrt(this.#kernel.sumSquares(this.layout.size, this.#at.gradients));
    this.#kernel.adam(this.layout.size, this.#at, {
      scale: norm > clipNorm ? clipNorm / norm : 1,
      rate: learningRate / (1 - power(0.9, step)),
      rootScale: 1 / Math.sqrt(1 - power(0.999, step)),
    });
    this.#transpose();
  }

  /** No gradient comes from the places that the batch leaves empty in its last group. */
  #clearSpareLanes(): void {
    const { steps, batch, from } = this.shape;
    for (let spare = batch; spare % LANES !== 0; spare += 1) {
      const { at, rows, stride } = this.#group(spare).answers;
      for (let t = 0; t < steps - from; t += 1) {
        for (let row = 0; row < rows; row += 1)
          this.#kernel.floats[at + t * stride + row * LANES + (spare % LANES)] = 0;
      }
    }
  }

  #vector(at: number): Float32Array {
    return this.#kernel.floats.subarray(at, at + this.layout.size);
  }

  #group(sequence: number): GroupBuffers {
    return this.#at.groups[Math.floor(sequence / LANES)]!;
  }

  #mask(seed: number | undefined, layer: number, group: number): DropoutMask {
    return dropoutMask(this.#dropout, seed, layer, group);
  }

  #transpose(): void {
    if (!this.shape.training) return;
    const { parameters, transposed, transposedHead } = this.#at;
    this.layout.layers.forEach(({ map }, index) => {
      this.#kernel.transpose(movedBy(parameters, map).weights, transposed[index]!);
    });
    this.#kernel.transpose(movedBy(parameters, this.layout.head).weights, transposedHead);
  }
}

/** h_t from step `from` on. */
function outputsOf({ forward, layout }: LayerBuffers, from: number): Lanes {
  return shifted(forward.rows, from + 1, layout.paddedInputs, layout.units);
}

/** base^exponent for an exponent of at least 1, by multiplication alone: `**` may differ between engines. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let bit = exponent, square = base; bit > 0; bit = Math.floor(bit / 2), square *= square) {
    if (bit % 2 === 1) result *= square;
  }
  return result;
}
