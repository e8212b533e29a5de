/* eslint-disable @typescript-eslint/no-non-null-assertion -- views lie within the memory that `reserve` made, and k & 3 is an index of four sums */
import { isKept } from './dropoutMask.ts';
import { fma32 } from './fma.ts';
import type { AdamStep, AdamVectors, DropoutMask, Kernel } from './kernel.ts';
import { inPanels } from './panels.ts';
import { lstmBackward, lstmForward, lstmRow } from './plainLstm.ts';
import { BLOCK, LANES, type Affine, type Lanes, type LstmGradientViews, type LstmViews, type Panels } from './views.ts';

const f = Math.fround;

/** The kernel in plain TypeScript: for machines without WebAssembly SIMD, and the readable statement of what the others compute. */
export class PlainKernel implements Kernel {
  readonly backend = 'plain';
  floats = new Float32Array(0);

  reserve(count: number): void {
    if (this.floats.length < count) this.floats = new Float32Array(count);
  }

  multiplyAdd(a: number, b: number, c: number): number {
    return fma32(a, b, c);
  }

  transpose(source: Panels, target: Panels): void {
    for (let column = 0; column < source.columns; column += 1) {
      for (let row = 0; row < source.rows; row += 1) {
        const value = this.floats[source.at + inPanels(source.rows, row, column)]!;
        this.floats[target.at + inPanels(target.rows, column, row)] = value;
      }
    }
  }

  affine(steps: number, map: Affine, input: Lanes, output: Lanes): void {
    for (let t = 0; t < steps; t += 1) {
      const [from, to] = [input.at + t * input.stride, output.at + t * output.stride];
      for (let lane = 0; lane < LANES; lane += 1) this.#product(map, from + lane, to + lane, LANES);
    }
  }

  rowAffine(map: Affine, input: number, output: number): void {
    this.#product(map, input, output, 1);
  }

  #product({ weights, bias }: Affine, input: number, output: number, spacing: number): void {
    const m = this.floats;
    for (let column = 0; column < weights.columns; column += 1) {
      const panel = weights.at + inPanels(weights.rows, 0, column);
      let sum = bias < 0 ? 0 : m[bias + column]!;
      for (let k = 0; k < weights.rows; k += 1) sum = fma32(m[panel + 4 * k]!, m[input + spacing * k]!, sum);
      m[output + spacing * column] = sum;
    }
  }

  addOuter(steps: number, input: Lanes, gradient: Lanes, { weights, bias }: Affine): void {
    const m = this.floats;
    for (let column = 0; column < weights.columns; column += 1) {
      for (let row = 0; row < weights.rows; row += 1) {
        const at = weights.at + inPanels(weights.rows, row, column);
        let sum = m[at]!;
        for (let t = 0; t < steps; t += 1) {
          const a = input.at + t * input.stride + row * LANES;
          const d = gradient.at + t * gradient.stride + column * LANES;
          for (let lane = 0; lane < LANES; lane += 1) sum = fma32(m[a + lane]!, m[d + lane]!, sum);
        }
        m[at] = sum;
      }
      for (let first = 0; first < steps; first += BLOCK) {
        const sums = new Float32Array(4);
        for (let k = 0; k < Math.min(BLOCK, steps - first) * LANES; k += 1) {
          const t = first + Math.floor(k / LANES);
          sums[k & 3]! += m[gradient.at + t * gradient.stride + column * LANES + (k % LANES)]!;
        }
        m[bias + column]! += sumOfFour(sums);
      }
    }
  }

  lstmForward(steps: number, layer: LstmViews): void {
    lstmForward(this, steps, layer);
  }

  lstmBackward(steps: number, layer: LstmViews, gradient: LstmGradientViews): void {
    lstmBackward(this, steps, layer, gradient);
  }

  lstmRow(steps: number, map: Affine, rows: number, stride: number, scratch: number): void {
    lstmRow(this, steps, map, rows, stride, scratch);
  }

  dropout(steps: number, source: Lanes, target: Lanes, mask: DropoutMask): void {
    const m = this.floats;
    const factor = f(mask.scale);
    const count = source.rows * LANES;
    for (let position = 0; position < steps * count; position += 1) {
      const t = Math.floor(position / count);
      const value = m[source.at + t * source.stride + (position % count)]!;
      m[target.at + t * target.stride + (position % count)] = isKept(mask, position) ? factor * value : 0;
    }
  }

  sumSquares(count: number, source: number): number {
    const sums = new Float32Array(4);
    for (let k = 0; k < count; k += 1) sums[k & 3]! += f(this.floats[source + k]! * this.floats[source + k]!);
    return sumOfFour(sums);
  }

  adam(count: number, vectors: AdamVectors, { scale, rate, rootScale }: AdamStep): void {
    const m = this.floats;
    const { parameters, gradients, firstMoment, secondMoment } = vectors;
    const [factor, step, root] = [f(scale), f(rate), f(rootScale)];
    const [keep1, add1, keep2, add2, epsilon] = [f(0.9), f(0.1), f(0.999), f(0.001), f(1e-8)];
    for (let k = 0; k < count; k += 1) {
      const g = f(m[gradients + k]! * factor);
      const mean = (m[firstMoment + k] = f(f(keep1 * m[firstMoment + k]!) + f(add1 * g)));
      const square = (m[secondMoment + k] = f(f(keep2 * m[secondMoment + k]!) + f(add2 * f(g * g))));
      m[parameters + k]! -= f(f(step * mean) / f(f(f(Math.sqrt(square)) * root) + epsilon));
    }
  }
}

function sumOfFour(sums: Float32Array): number {
  const [a, b, c, d] = sums as unknown as readonly [number, number, number, number]; // made of four
  return f(f(a + b) + f(c + d));
}
