import { withKernel } from '../core/model/kernel/acquire.ts';
import { FIRST_FREE, type Kernel } from '../core/model/kernel/kernel.ts';
import { inPanels, roundUp } from '../core/model/kernel/panels.ts';
import { LANES, lstmScratch, type Lanes, type LstmGradientViews, type LstmViews } from '../core/model/kernel/views.ts';

/** One LSTM layer by the kernel alone, for comparing it with others' layers. In Keras' layout: kernel I × 4U, recurrent kernel U × 4U, bias 4U; gates i, f, c, o. */
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
    const run = new LayerRun(kernel, shape, weights);
    const outputs = new Float32Array(shape.batch * shape.steps * shape.units);
    run.eachGroup((first) => {
      run.forward(first, input);
      run.read(first, run.outputs, outputs);
    });
    return outputs;
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
    const run = new LayerRun(kernel, shape, weights);
    const inputGradients = new Float32Array(input.length);
    run.eachGroup((first) => {
      run.forward(first, input);
      run.backward(first, outputGradients);
      run.read(first, run.inputGradients, inputGradients);
    });
    return { input: inputGradients, ...run.gradients() };
  });
}

/** A single layer laid out in a kernel's memory for eight sequences, through which a batch goes in groups. */
class LayerRun {
  readonly #kernel: Kernel;
  readonly #shape: LayerShape;
  readonly #views: LstmViews;
  readonly #gradient: LstmGradientViews;
  readonly #first: number;

  constructor(kernel: Kernel, shape: LayerShape, weights: LayerWeights) {
    this.#kernel = kernel;
    this.#shape = shape;
    const { steps, inputs, units } = shape;
    const rows = roundUp(inputs + units, 4);
    const columns = 4 * units;
    this.#first = rows - units;
    let next = FIRST_FREE;
    const take = (count: number): number => (next += count) - count;
    const lanes = (own: number, blocks: number): Lanes => ({
      at: take(own * blocks * LANES),
      rows: own,
      stride: own * LANES,
    });
    const panels = { at: take(rows * columns), rows, columns };
    this.#views = {
      weights: panels,
      bias: take(columns),
      rows: lanes(rows, steps + 1),
      gates: lanes(columns, steps),
      cells: lanes(units, steps + 1),
      squashed: lanes(units, steps),
    };
    this.#gradient = {
      transposed: { at: take(rows * columns), rows: columns, columns: rows },
      above: lanes(units, steps),
      state: lanes(rows, steps + 1),
      gradients: { weights: { ...panels, at: take(rows * columns) }, bias: take(columns) },
      scratch: take(lstmScratch(panels)),
    };
    kernel.reserve(next);
    kernel.floats.fill(0, FIRST_FREE, next);
    this.#write(weights);
    kernel.transpose(panels, this.#gradient.transposed);
  }

  get outputs(): Lanes {
    const { at, stride } = this.#views.rows;
    return { at: at + stride + this.#first * LANES, rows: this.#shape.units, stride };
  }

  get inputGradients(): Lanes {
    return { ...this.#gradient.state, rows: this.#shape.inputs };
  }

  /** Calls back with the first sequence of each group. */
  eachGroup(visit: (first: number) => void): void {
    for (let first = 0; first < this.#shape.batch; first += LANES) visit(first);
  }

  forward(first: number, input: Float32Array): void {
    this.#put(first, { ...this.#views.rows, rows: this.#shape.inputs }, input);
    this.#kernel.lstmForward(this.#shape.steps, this.#views);
  }

  backward(first: number, outputGradients: Float32Array): void {
    this.#put(first, this.#gradient.above, outputGradients);
    this.#kernel.lstmBackward(this.#shape.steps, this.#views, this.#gradient);
  }

  gradients(): LayerWeights {
    const { units, inputs } = this.#shape;
    const { floats } = this.#kernel;
    const { weights, bias } = this.#gradient.gradients;
    const matrix = (rows: number, first: number): Float32Array =>
      Float32Array.from({ length: rows * weights.columns }, (_, k) => {
        const row = first + Math.floor(k / weights.columns);
        // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- within the matrix, which the constructor reserved
        return floats[weights.at + inPanels(weights.rows, row, k % weights.columns)]!;
      });
    return {
      kernel: matrix(inputs, 0),
      recurrentKernel: matrix(units, this.#first),
      bias: floats.slice(bias, bias + weights.columns),
    };
  }

  /** Copies a group's blocks into a batch × steps × rows array; what has no place there is dropped. */
  read(first: number, { at, rows, stride }: Lanes, target: Float32Array): void {
    this.#each(first, rows, (own, t, row, lane) => {
      // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- within the view, which the constructor reserved
      target[own] = this.#kernel.floats[at + t * stride + row * LANES + lane]!;
    });
  }

  /** The other way; places without a sequence get zeros. */
  #put(first: number, { at, rows, stride }: Lanes, source: Float32Array): void {
    this.#each(first, rows, (own, t, row, lane) => {
      this.#kernel.floats[at + t * stride + row * LANES + lane] = source[own] ?? 0;
    });
  }

  #each(first: number, rows: number, visit: (own: number, step: number, row: number, lane: number) => void): void {
    const { steps } = this.#shape;
    for (let lane = 0; lane < LANES; lane += 1) {
      for (let t = 0; t < steps; t += 1) {
        for (let row = 0; row < rows; row += 1) visit(((first + lane) * steps + t) * rows + row, t, row, lane);
      }
    }
  }

  #write({ kernel, recurrentKernel, bias }: LayerWeights): void {
    const { floats } = this.#kernel;
    const { weights } = this.#views;
    const put = (source: Float32Array, first: number): void => {
      source.forEach((value, k) => {
        const row = first + Math.floor(k / weights.columns);
        floats[weights.at + inPanels(weights.rows, row, k % weights.columns)] = value;
      });
    };
    put(kernel, 0);
    put(recurrentKernel, this.#first);
    floats.set(bias, this.#views.bias);
  }
}
