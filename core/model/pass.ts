import { buffersOf, type Buffers, type PassShape } from './buffers.ts';
import { FEATURES } from './features.ts';
import type { Kernel } from './kernel/kernel.ts';
import { roundUp } from './kernel/panels.ts';
import { layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import type { ModelSpec } from './spec.ts';

/** A network laid out in a kernel's memory for sequences of one shape: forward, backward and the optimiser's step. */
export class Pass {
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
    const { steps, batch } = this.shape;
    floats.set(parameters, this.#at.parameters);
    if (this.shape.training) floats.fill(0, this.#at.gradients, this.#at.secondMoment + this.layout.size);
    // What no step writes must be zero: the state before the first, and the first layer's padding. All else is overwritten.
    this.#at.layers.forEach(({ layout, width, rows, cells, transposed }, index) => {
      floats.fill(0, rows, rows + (index === 0 ? steps * batch : batch) * width);
      floats.fill(0, cells, cells + batch * layout.paddedUnits);
      if (this.shape.training) floats.fill(0, transposed, transposed + roundUp(width, 8) * 4 * layout.paddedUnits);
    });
    if (this.shape.training) {
      const size = roundUp(this.layout.layers.at(-1)!.paddedUnits, 8) * this.layout.paddedOutputs;
      floats.fill(0, this.#at.headTransposed, this.#at.headTransposed + size);
    }
    this.#transpose();
  }

  /** A copy of the parameter vector. */
  parameters(): Float32Array {
    return this.#kernel.floats.slice(this.#at.parameters, this.#at.parameters + this.layout.size);
  }

  /** A copy of the gradients of the last `backward`. */
  gradients(): Float32Array {
    return this.#kernel.floats.slice(this.#at.gradients, this.#at.gradients + this.layout.size);
  }

  /** Puts in one sequence: steps × FEATURES numbers. */
  setInput(sequence: number, features: Float32Array): void {
    const { floats } = this.#kernel;
    const { rows, width } = this.#at.layers[0]!;
    for (let t = 0; t < this.shape.steps; t += 1) {
      const row = rows + (t * this.shape.batch + sequence) * width;
      for (let k = 0; k < FEATURES; k += 1) floats[row + k] = features[t * FEATURES + k]!;
    }
  }

  /**
   * Answers of all sequences. `dropoutSeed` given: a training pass, with dropout after each layer.
   * @returns a view of (steps - from)·batch rows of `layout.paddedOutputs` numbers; the first `layout.outputs` count.
   */
  forward(dropoutSeed?: number): Float32Array {
    const { steps, batch, from } = this.shape;
    this.#at.layers.forEach((layer, index) => {
      const { layout, width, rows } = layer;
      if (index > 0) {
        const below = this.#at.layers[index - 1]!;
        const source = below.rows + batch * below.width + below.layout.paddedInputs;
        this.#drop(steps * batch, layout.paddedInputs, source, below.width, rows, width, index - 1, dropoutSeed);
      }
      const { paddedInputs, paddedUnits } = layout;
      this.#kernel.lstmForward(
        steps,
        batch,
        paddedInputs,
        paddedUnits,
        this.#at.parameters + layout.kernel,
        this.#at.parameters + layout.bias,
        rows,
        layer.gates,
        layer.cells,
        layer.squashed,
        this.#at.scratch,
      );
    });
    const top = this.#at.layers.at(-1)!;
    const units = top.layout.paddedUnits;
    const answers = (steps - from) * batch;
    const source = top.rows + (from + 1) * batch * top.width + top.layout.paddedInputs;
    this.#drop(answers, units, source, top.width, this.#at.headInput, units, this.#at.layers.length - 1, dropoutSeed);
    const { paddedOutputs, headKernel, headBias } = this.layout;
    this.#kernel.affine(
      answers,
      units,
      paddedOutputs,
      this.#at.headInput,
      units,
      this.#at.parameters + headKernel,
      this.#at.parameters + headBias,
      this.#at.outputs,
      paddedOutputs,
      this.#at.scratch,
    );
    return this.#kernel.floats.subarray(this.#at.outputs, this.#at.outputs + answers * paddedOutputs);
  }

  /**
   * Gradients of all weights after a `forward` with the same seed; the caller has replaced the answers, in the view `forward`
   * returned, by the loss's gradient with respect to them (zeros past `layout.outputs`).
   */
  backward(dropoutSeed?: number): void {
    const { steps, batch, from } = this.shape;
    const kernel = this.#kernel;
    const { paddedOutputs, headKernel, headBias } = this.layout;
    kernel.floats.fill(0, this.#at.gradients, this.#at.gradients + this.layout.size);
    const top = this.#at.layers.at(-1)!;
    const units = top.layout.paddedUnits;
    const answers = (steps - from) * batch;
    kernel.addOuter(
      answers,
      units,
      paddedOutputs,
      this.#at.headInput,
      units,
      this.#at.outputs,
      paddedOutputs,
      this.#at.gradients + headKernel,
    );
    kernel.addRows(answers, paddedOutputs, this.#at.outputs, paddedOutputs, this.#at.gradients + headBias);
    const headStride = roundUp(units, 8);
    kernel.affine(
      answers,
      paddedOutputs,
      units,
      this.#at.outputs,
      paddedOutputs,
      this.#at.headTransposed,
      -1,
      this.#at.headInput,
      headStride,
      this.#at.scratch,
    );
    kernel.floats.fill(0, top.outputGradients, top.outputGradients + steps * batch * units);
    const target = top.outputGradients + from * batch * units;
    this.#drop(answers, units, this.#at.headInput, headStride, target, units, this.#at.layers.length - 1, dropoutSeed);
    for (let index = this.#at.layers.length - 1; index >= 0; index -= 1) {
      const layer = this.#at.layers[index]!;
      const { paddedInputs, paddedUnits } = layer.layout;
      const below = this.#at.layers[index - 1];
      kernel.lstmBackward(
        steps,
        batch,
        paddedInputs,
        paddedUnits,
        layer.transposed,
        layer.rows,
        layer.gates,
        layer.cells,
        layer.squashed,
        layer.outputGradients,
        below?.outputGradients ?? -1,
        this.#at.gradients + layer.layout.kernel,
        this.#at.gradients + layer.layout.bias,
        this.#at.state,
        this.#at.scratch,
      );
      if (below) {
        const g = below.outputGradients;
        this.#drop(steps * batch, paddedInputs, g, paddedInputs, g, paddedInputs, index - 1, dropoutSeed);
      }
    }
  }

  /**
   * One step of Adam, after clipping the gradients' joint norm to `clipNorm` (Pascanu, Mikolov & Bengio 2013).
   * @param step 1 for the first.
   */
  update(step: number, learningRate: number, clipNorm: number): void {
    const count = roundUp(this.layout.size, 4);
    const norm = Math.sqrt(this.#kernel.sumSquares(count, this.#at.gradients));
    const scale = norm > clipNorm ? clipNorm / norm : 1;
    const rate = learningRate / (1 - power(0.9, step));
    const rootScale = 1 / Math.sqrt(1 - power(0.999, step));
    this.#kernel.adam(
      count,
      this.#at.parameters,
      this.#at.gradients,
      this.#at.firstMoment,
      this.#at.secondMoment,
      scale,
      rate,
      rootScale,
    );
    this.#transpose();
  }

  #drop(
    rows: number,
    columns: number,
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    layer: number,
    seed: number | undefined,
  ): void {
    const rate = seed === undefined ? 0 : this.#dropout;
    const own = ((seed ?? 0) + Math.imul(layer, 0x2545f491)) | 0; // each layer its own mask
    const threshold = Math.round(rate * 4_294_967_296);
    this.#kernel.dropout(rows, columns, source, sourceStride, target, targetStride, own, threshold, 1 / (1 - rate));
  }

  #transpose(): void {
    if (!this.shape.training) return;
    for (const { layout, width, transposed } of this.#at.layers) {
      this.#kernel.transpose(4 * layout.paddedUnits, width, this.#at.parameters + layout.kernel, transposed);
    }
    const units = this.#at.layers.at(-1)!.layout.paddedUnits;
    const head = this.#at.parameters + this.layout.headKernel;
    this.#kernel.transpose(this.layout.paddedOutputs, units, head, this.#at.headTransposed);
  }
}

/** base^exponent for an exponent of at least 1, by multiplication alone: `**` may differ between engines. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let bit = exponent, square = base; bit > 0; bit = Math.floor(bit / 2), square *= square) {
    if (bit % 2 === 1) result *= square;
  }
  return result;
}
