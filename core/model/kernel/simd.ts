import type { Kernel } from './kernel.ts';
import { loadModule, type KernelModule } from './modules.ts';
import type { Lanes } from './views.ts';

type Operation = (...numbers: number[]) => void;
/** What assembly/index.ts exports; the order of the operands is stated there and used here alone. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly multiplyAdd: (a: number, b: number, c: number) => number;
  readonly sumSquares: (count: number, source: number) => number;
  readonly transpose: Operation;
  readonly affine: Operation;
  readonly addOuter: Operation;
  readonly lstmForward: Operation;
  readonly lstmBackward: Operation;
  readonly rowAffine: Operation;
  readonly lstmRow: Operation;
  readonly dropout: Operation;
  readonly adam: Operation;
}

const PAGE_NUMBERS = 16_384; // 64 KiB
const loaded = loadModule();
const place = ({ at, stride }: Lanes): [number, number] => [at, stride];

/** A kernel of its own memory in WebAssembly; `undefined` where this machine cannot run it. */
export function createSimdKernel(module: KernelModule | undefined = loaded): Kernel | undefined {
  if (!module) return undefined;
  const wasm = new WebAssembly.Instance(module.compiled).exports as unknown as Exports;
  let floats = new Float32Array(wasm.memory.buffer);
  return {
    backend: module.backend,
    get floats() {
      return floats;
    },
    reserve(count) {
      if (count <= floats.length) return;
      wasm.memory.grow(Math.ceil((count - floats.length) / PAGE_NUMBERS));
      floats = new Float32Array(wasm.memory.buffer);
    },
    multiplyAdd: wasm.multiplyAdd,
    sumSquares: wasm.sumSquares,
    transpose(source, target) {
      wasm.transpose(source.rows, source.columns, source.at, target.at);
    },
    affine(steps, { weights, bias }, input, output) {
      wasm.affine(steps, weights.at, weights.rows, weights.columns, bias, ...place(input), ...place(output));
    },
    addOuter(steps, input, gradient, { weights, bias }, scratch) {
      const { at, rows, columns } = weights;
      wasm.addOuter(steps, ...place(input), rows, ...place(gradient), columns, at, bias, scratch);
    },
    lstmForward(steps, { weights, bias, rows, gates, cells, squashed }) {
      const inputs = rows.rows - cells.rows;
      const views = [rows, gates, cells, squashed].flatMap(place);
      wasm.lstmForward(steps, inputs, cells.rows, weights.at, bias, ...views);
    },
    lstmBackward(steps, { rows, gates, cells, squashed }, { transposed, above, state, gradients, scratch }) {
      const inputs = rows.rows - cells.rows;
      const views = [rows, gates, cells, squashed, above, state].flatMap(place);
      const { weights, bias } = gradients;
      wasm.lstmBackward(steps, inputs, cells.rows, transposed.at, ...views, weights.at, bias, scratch);
    },
    rowAffine({ weights, bias }, input, output) {
      wasm.rowAffine(weights.at, weights.rows, weights.columns, bias, input, output);
    },
    lstmRow(steps, { weights, bias }, rows, stride, scratch) {
      const units = weights.columns / 4;
      wasm.lstmRow(steps, weights.rows - units, units, weights.at, bias, rows, stride, scratch);
    },
    dropout(steps, source, target, { seed, threshold, scale }) {
      wasm.dropout(steps, source.rows, ...place(source), ...place(target), seed, threshold, scale);
    },
    adam(count, { parameters, gradients, firstMoment, secondMoment }, { scale, rate, rootScale }) {
      wasm.adam(count, parameters, gradients, firstMoment, secondMoment, scale, rate, rootScale);
    },
  };
}
