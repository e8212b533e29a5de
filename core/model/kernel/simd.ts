import type { Kernel } from './kernel.ts';
import { WASM_BASE64 } from './wasm.generated.js';

type Operations = Omit<Kernel, 'backend' | 'floats' | 'reserve'>;
type Exports = Operations & { readonly memory: WebAssembly.Memory };

const PAGE_NUMBERS = 16_384; // 64 KiB

/** The compiled module, or `undefined` where WebAssembly or its SIMD instructions are missing. */
function compile(): WebAssembly.Module | undefined {
  const bytes = Buffer.from(WASM_BASE64, 'base64');
  // Engines without SIMD refuse the module as a whole.
  return typeof WebAssembly === 'object' && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}

const compiled = compile();

/** A kernel of its own memory in WebAssembly; `undefined` where this machine cannot run it. */
export function createSimdKernel(): Kernel | undefined {
  if (!compiled) return undefined;
  // The module exports exactly the operations of `Kernel` and its memory (assembly/index.ts).
  const { memory, ...operations } = new WebAssembly.Instance(compiled).exports as unknown as Exports;
  let floats = new Float32Array(memory.buffer);
  return {
    ...operations,
    backend: 'wasm-simd',
    get floats() {
      return floats;
    },
    reserve(count) {
      if (count <= floats.length) return;
      memory.grow(Math.ceil((count - floats.length) / PAGE_NUMBERS));
      floats = new Float32Array(memory.buffer);
    },
  };
}
