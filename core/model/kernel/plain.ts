import { sigmoid32, tanh32 } from './activation.ts';
import type { Kernel } from './kernel.ts';
import { inPanels, roundUp } from './panels.ts';

const f = Math.fround;

/** The kernel in plain TypeScript: for machines without WebAssembly SIMD, and the readable statement of what the other computes. */
export class PlainKernel implements Kernel {
  readonly backend = 'plain';
  floats = new Float32Array(0);

  reserve(count: number): void {
    if (this.floats.length < count) this.floats = new Float32Array(count);
  }

  transpose(inner: number, columns: number, source: number, target: number): void {
    const m = this.floats;
    for (let column = 0; column < columns; column += 1) {
      for (let k = 0; k < inner; k += 1) {
        m[target + inPanels(inner, k, column)] = m[source + inPanels(columns, column, k)]!;
      }
    }
  }

  affine(
    rows: number,
    inner: number,
    columns: number,
    a: number,
    aStride: number,
    panels: number,
    bias: number,
    c: number,
    cStride: number,
  ): void {
    const m = this.floats;
    for (let r = 0; r < rows; r += 1) {
      for (let column = 0; column < roundUp(columns, 8); column += 1) {
        const panel = panels + inPanels(inner, 0, column);
        let sum = bias < 0 ? 0 : m[bias + column]!;
        for (let k = 0; k < inner; k += 1) sum = f(sum + f(m[a + r * aStride + k]! * m[panel + 8 * k]!));
        m[c + r * cStride + column] = sum;
      }
    }
  }

  addOuter(
    rows: number,
    m: number,
    n: number,
    a: number,
    aStride: number,
    d: number,
    dStride: number,
    c: number,
  ): void {
    const floats = this.floats;
    for (let r = 0; r < rows; r += 1) {
      for (let i = 0; i < m; i += 1) {
        const factor = floats[a + r * aStride + i]!;
        for (let j = 0; j < n; j += 1) {
          const at = c + inPanels(m, i, j);
          floats[at] = f(floats[at]! + f(factor * floats[d + r * dStride + j]!));
        }
      }
    }
  }

  addRows(rows: number, columns: number, d: number, stride: number, target: number): void {
    const m = this.floats;
    for (let r = 0; r < rows; r += 1) {
      for (let j = 0; j < columns; j += 1) m[target + j] = f(m[target + j]! + m[d + r * stride + j]!);
    }
  }

  lstmForward(
    steps: number,
    batch: number,
    inputs: number,
    units: number,
    panels: number,
    bias: number,
    rows: number,
    gates: number,
    cells: number,
    squashed: number,
  ): void {
    const m = this.floats;
    const width = inputs + units;
    for (let t = 0; t < steps; t += 1) {
      const block = t * batch;
      this.affine(
        batch,
        width,
        4 * units,
        rows + block * width,
        width,
        panels,
        bias,
        gates + block * 4 * units,
        4 * units,
      );
      for (let r = block; r < block + batch; r += 1) {
        for (let u = 0; u < units; u += 1) {
          const g = gates + r * 4 * units + u;
          const i = (m[g] = sigmoid32(m[g]!));
          const forget = (m[g + units] = sigmoid32(m[g + units]!));
          const candidate = (m[g + 2 * units] = tanh32(m[g + 2 * units]!));
          const o = (m[g + 3 * units] = sigmoid32(m[g + 3 * units]!));
          const cell = f(f(forget * m[cells + r * units + u]!) + f(i * candidate));
          const s = tanh32(cell);
          m[cells + (r + batch) * units + u] = cell;
          m[squashed + r * units + u] = s;
          m[rows + (r + batch) * width + inputs + u] = o * s;
        }
      }
    }
  }

  lstmBackward(
    steps: number,
    batch: number,
    inputs: number,
    units: number,
    transposed: number,
    rows: number,
    gates: number,
    cells: number,
    squashed: number,
    outputGradients: number,
    inputGradients: number,
    kernelGradient: number,
    biasGradient: number,
    state: number,
  ): void {
    const m = this.floats;
    const width = inputs + units;
    const stateWidth = roundUp(width, 8);
    const cellGradient = state + batch * stateWidth;
    m.fill(0, state, cellGradient + batch * units);
    for (let t = steps - 1; t >= 0; t -= 1) {
      const block = t * batch;
      for (let b = 0; b < batch; b += 1) {
        const r = block + b;
        for (let u = 0; u < units; u += 1) {
          const g = gates + r * 4 * units + u;
          const i = m[g]!;
          const forget = m[g + units]!;
          const candidate = m[g + 2 * units]!;
          const o = m[g + 3 * units]!;
          const s = m[squashed + r * units + u]!;
          const dh = f(m[outputGradients + r * units + u]! + m[state + b * stateWidth + inputs + u]!);
          const dc = f(m[cellGradient + b * units + u]! + f(f(dh * o) * f(1 - f(s * s))));
          m[g] = f(f(dc * candidate) * f(i * f(1 - i)));
          m[g + units] = f(f(dc * m[cells + r * units + u]!) * f(forget * f(1 - forget)));
          m[g + 2 * units] = f(f(dc * i) * f(1 - f(candidate * candidate)));
          m[g + 3 * units] = f(f(dh * s) * f(o * f(1 - o)));
          m[cellGradient + b * units + u] = dc * forget;
        }
      }
      const d = gates + block * 4 * units;
      this.affine(batch, 4 * units, width, d, 4 * units, transposed, -1, state, stateWidth);
      if (inputGradients >= 0) {
        for (let b = 0; b < batch; b += 1) {
          const from = state + b * stateWidth;
          m.copyWithin(inputGradients + (block + b) * inputs, from, from + inputs);
        }
      }
      this.addOuter(batch, width, 4 * units, rows + block * width, width, d, 4 * units, kernelGradient);
      this.addRows(batch, 4 * units, d, 4 * units, biasGradient);
    }
  }

  dropout(
    rows: number,
    columns: number,
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    seed: number,
    threshold: number,
    scale: number,
  ): void {
    const m = this.floats;
    const factor = f(scale);
    for (let r = 0; r < rows; r += 1) {
      for (let j = 0; j < columns; j += 1) {
        let x = (seed + Math.imul(r * columns + j, 0x9e3779b9)) | 0;
        x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
        x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
        const kept = (x ^ (x >>> 16)) >>> 0 >= threshold;
        m[target + r * targetStride + j] = kept ? factor * m[source + r * sourceStride + j]! : 0;
      }
    }
  }

  sumSquares(count: number, source: number): number {
    const m = this.floats;
    const sums = [0, 0, 0, 0];
    for (let k = 0; k < count; k += 1) sums[k & 3] = f(sums[k & 3]! + f(m[source + k]! * m[source + k]!));
    return f(f(sums[0]! + sums[1]!) + f(sums[2]! + sums[3]!));
  }

  adam(
    count: number,
    weights: number,
    gradients: number,
    first: number,
    second: number,
    gradientScale: number,
    rate: number,
    rootScale: number,
  ): void {
    const m = this.floats;
    const [scale, step, root] = [f(gradientScale), f(rate), f(rootScale)];
    const [keep1, add1, keep2, add2, epsilon] = [f(0.9), f(0.1), f(0.999), f(0.001), f(1e-8)];
    for (let k = 0; k < count; k += 1) {
      const g = f(m[gradients + k]! * scale);
      const mean = (m[first + k] = f(f(keep1 * m[first + k]!) + f(add1 * g)));
      const square = (m[second + k] = f(f(keep2 * m[second + k]!) + f(add2 * f(g * g))));
      m[weights + k] = m[weights + k]! - f(f(step * mean) / f(f(f(Math.sqrt(square)) * root) + epsilon));
    }
  }
}
