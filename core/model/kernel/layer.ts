import { withKernel } from './acquire.ts';
import { FIRST_FREE, type Kernel } from './kernel.ts';
import { inPanels, roundUp } from './panels.ts';

/** One LSTM layer in Keras' layout: kernel I × 4U, recurrent kernel U × 4U, bias 4U; gates i, f, c, o. */
export interface LayerWeights {
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array;
}

/** batch × steps × inputs numbers, row-major, go in; batch × steps × units come out. */
export interface LayerShape {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

export interface LayerGradients extends LayerWeights {
  /** batch × steps × inputs. */
  readonly input: Float32Array;
}

/** The layer's outputs at all steps, from a zero state. */
export function layerOutputs(shape: LayerShape, weights: LayerWeights, input: Float32Array): Float32Array {
  return withKernel((kernel) => {
    const run = new LayerRun(kernel, shape);
    run.forward(weights, input);
    return run.readOutputs();
  });
}

/** Gradients of a loss by its gradient with respect to the outputs (batch × steps × units); runs the layer forward again. */
export function layerGradients(
  shape: LayerShape,
  weights: LayerWeights,
  input: Float32Array,
  outputGradients: Float32Array,
): LayerGradients {
  return withKernel((kernel) => {
    const run = new LayerRun(kernel, shape);
    run.forward(weights, input);
    return run.backward(outputGradients);
  });
}

/** Where each array begins; shapes as `lstmForward` and `lstmBackward` state them. */
interface Buffers {
  readonly weights: number;
  readonly bias: number;
  readonly transposed: number;
  readonly rows: number;
  readonly gates: number;
  readonly cells: number;
  readonly squashed: number;
  readonly above: number;
  readonly below: number;
  readonly kernelGradient: number;
  readonly biasGradient: number;
  readonly state: number;
  readonly scratch: number;
}

/** A single layer laid out in a kernel's memory. */
class LayerRun {
  readonly #kernel: Kernel;
  readonly #shape: LayerShape;
  readonly #inputs: number;
  readonly #units: number;
  readonly #width: number;
  readonly #at: Buffers;

  constructor(kernel: Kernel, shape: LayerShape) {
    this.#kernel = kernel;
    this.#shape = shape;
    const inputs = (this.#inputs = roundUp(shape.inputs, 4));
    const units = (this.#units = roundUp(shape.units, 4));
    const width = (this.#width = inputs + units);
    let next = FIRST_FREE;
    const take = (count: number): number => {
      next += roundUp(count, 4);
      return next - roundUp(count, 4);
    };
    const rows = shape.batch * shape.steps;
    this.#at = {
      weights: take(width * 4 * units),
      bias: take(4 * units),
      transposed: take(roundUp(width, 8) * 4 * units),
      rows: take((rows + shape.batch) * width),
      gates: take(rows * 4 * units),
      cells: take((rows + shape.batch) * units),
      squashed: take(rows * units),
      above: take(rows * units),
      below: take(rows * inputs),
      kernelGradient: take(width * 4 * units),
      biasGradient: take(4 * units),
      scratch: take(shape.batch * Math.max(width, 4 * units)),
      state: take(shape.batch * (roundUp(width, 8) + units)),
    };
    kernel.reserve(next);
    kernel.floats.fill(0, FIRST_FREE, next);
  }

  forward({ kernel, recurrentKernel, bias }: LayerWeights, input: Float32Array): void {
    const { floats } = this.#kernel;
    const { batch, steps, inputs, units } = this.#shape;
    const at = this.#at;
    for (let column = 0; column < 4 * units; column += 1) {
      for (let r = 0; r < inputs; r += 1) floats[this.#weight(at.weights, r, column)] = kernel[r * 4 * units + column]!;
      for (let r = 0; r < units; r += 1) {
        floats[this.#weight(at.weights, this.#inputs + r, column)] = recurrentKernel[r * 4 * units + column]!;
      }
      floats[at.bias + this.#column(column)] = bias[column]!;
    }
    this.#each(inputs, (own, t, b, k) => {
      floats[at.rows + (t * batch + b) * this.#width + k] = input[own]!;
    });
    this.#kernel.lstmForward(
      steps,
      batch,
      this.#inputs,
      this.#units,
      at.weights,
      at.bias,
      at.rows,
      at.gates,
      at.cells,
      at.squashed,
      at.scratch,
    );
  }

  readOutputs(): Float32Array {
    const { floats } = this.#kernel;
    const { batch, steps, units } = this.#shape;
    const outputs = new Float32Array(batch * steps * units);
    this.#each(units, (own, t, b, k) => {
      outputs[own] = floats[this.#at.rows + ((t + 1) * batch + b) * this.#width + this.#inputs + k]!;
    });
    return outputs;
  }

  backward(outputGradients: Float32Array): LayerGradients {
    const { floats } = this.#kernel;
    const { batch, steps, inputs, units } = this.#shape;
    const at = this.#at;
    this.#each(units, (own, t, b, k) => {
      floats[at.above + (t * batch + b) * this.#units + k] = outputGradients[own]!;
    });
    this.#kernel.transpose(4 * this.#units, this.#width, at.weights, at.transposed);
    this.#kernel.lstmBackward(
      steps,
      batch,
      this.#inputs,
      this.#units,
      at.transposed,
      at.rows,
      at.gates,
      at.cells,
      at.squashed,
      at.above,
      at.below,
      at.kernelGradient,
      at.biasGradient,
      at.state,
      at.scratch,
    );
    const input = new Float32Array(batch * steps * inputs);
    this.#each(inputs, (own, t, b, k) => {
      input[own] = floats[at.below + (t * batch + b) * this.#inputs + k]!;
    });
    const read = (rows: number, first: number): Float32Array =>
      Float32Array.from(
        { length: rows * 4 * units },
        (_, k) => floats[this.#weight(at.kernelGradient, first + Math.floor(k / (4 * units)), k % (4 * units))]!,
      );
    const bias = Float32Array.from({ length: 4 * units }, (_, k) => floats[at.biasGradient + this.#column(k)]!);
    return { input, kernel: read(inputs, 0), recurrentKernel: read(units, this.#inputs), bias };
  }

  /** Keras' column g·units + u, with each gate padded. */
  #column(column: number): number {
    const { units } = this.#shape;
    return Math.floor(column / units) * this.#units + (column % units);
  }

  #weight(panels: number, row: number, column: number): number {
    return panels + inPanels(this.#width, row, this.#column(column));
  }

  /** Calls back for each number of a batch × steps × `columns` array. */
  #each(columns: number, visit: (own: number, step: number, sequence: number, column: number) => void): void {
    const { batch, steps } = this.#shape;
    for (let b = 0, own = 0; b < batch; b += 1) {
      for (let t = 0; t < steps; t += 1) for (let k = 0; k < columns; k += 1, own += 1) visit(own, t, b, k);
    }
  }
}
