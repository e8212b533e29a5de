/* eslint-disable @typescript-eslint/no-non-null-assertion -- there is a row a layer, and a source holds `width` numbers a step */
import { FEATURES } from './features.ts';
import { FIRST_FREE, type Kernel } from './kernel/kernel.ts';
import { movedBy, rowScratch } from './kernel/views.ts';
import type { LayerLayout, Layout } from './layout.ts';

/** Room after a row, into which the last vector of a layer's state may reach (`lstmRow`). */
const SPARE = 4;

/**
 * A network laid out for one sequence at a time, and for its answer after the last step alone: lanes are units here, where a pass has
 * eight sequences. The bits are those of a pass.
 */
export class RowPass {
  readonly #layout: Layout;
  readonly #steps: number;
  readonly #rows: readonly number[];
  readonly #headInput: number;
  readonly #answer: number;
  readonly #scratch: number;
  readonly #end: number;

  constructor(layout: Layout, steps: number) {
    this.#layout = layout;
    this.#steps = steps;
    let next = FIRST_FREE + layout.size;
    const take = (count: number): number => (next += count) - count;
    this.#rows = layout.layers.map((layer) => take((steps + 1) * strideOf(layer)));
    this.#headInput = take(layout.head.weights.rows);
    this.#answer = take(layout.head.weights.columns);
    this.#scratch = take(Math.max(...layout.layers.map(({ units }) => rowScratch(units))));
    this.#end = next;
  }

  /** Takes over a parameter vector; states before the first step, and padding, are zero and stay so. */
  load(kernel: Kernel, parameters: Float32Array): void {
    kernel.reserve(this.#end);
    kernel.floats.fill(0, FIRST_FREE, this.#end);
    kernel.floats.set(parameters, FIRST_FREE);
  }

  /**
   * The answer to a sequence of steps × FEATURES numbers.
   * @returns `layout.outputs` numbers, in the kernel's memory: read them before its next use.
   */
  forward(kernel: Kernel, features: Float32Array): Float32Array {
    const { floats } = kernel;
    const { layers, head, outputs } = this.#layout;
    let source = features;
    let [from, stride, width] = [0, FEATURES, FEATURES];
    layers.forEach((layer, index) => {
      const rows = this.#rows[index]!;
      const own = strideOf(layer);
      for (let t = 0, to = rows; t < this.#steps; t += 1, to += own, from += stride) {
        for (let k = 0; k < width; k += 1) floats[to + k] = source[from + k]!;
      }
      kernel.lstmRow(this.#steps, movedBy(FIRST_FREE, layer.map), rows, own, this.#scratch);
      [source, stride, width] = [floats, own, layer.units];
      from = rows + own + layer.paddedInputs;
    });
    const last = from + (this.#steps - 1) * stride;
    floats.copyWithin(this.#headInput, last, last + width);
    kernel.rowAffine(movedBy(FIRST_FREE, head), this.#headInput, this.#answer);
    return floats.subarray(this.#answer, this.#answer + outputs);
  }
}

const strideOf = ({ map }: LayerLayout): number => map.weights.rows + SPARE;
