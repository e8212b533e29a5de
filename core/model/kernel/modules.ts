import { setFlagsFromString } from 'node:v8';
import { FUSED_BASE64, SIMD_BASE64 } from './wasm.generated.js';

/** A module that this machine can run, and what it makes a sum of products with. */
export interface KernelModule {
  readonly backend: 'wasm-fma' | 'wasm-simd';
  readonly compiled: WebAssembly.Module;
}

/** 2⁻²⁴ in one rounding, 0 in two. */
const fuses = (multiplyAdd: (a: number, b: number, c: number) => number): boolean =>
  multiplyAdd(1 + 2 ** -12, 1 + 2 ** -12, -(1 + 2 ** -11)) === 2 ** -24;

/**
 * The fastest module whose bits are those of `fma32`; `undefined` where WebAssembly or its SIMD instructions are missing.
 * @param allowed for tests: which may be chosen.
 */
export function loadModule(
  allowed: readonly KernelModule['backend'][] = ['wasm-fma', 'wasm-simd'],
): KernelModule | undefined {
  if (typeof WebAssembly !== 'object') return undefined;
  for (const [backend, text] of [
    ['wasm-fma', FUSED_BASE64],
    ['wasm-simd', SIMD_BASE64],
  ] as const) {
    const bytes = Buffer.from(text, 'base64');
    // Engines refuse a module as a whole for an instruction they lack; `relaxed_madd` may also be there and not fuse.
    if (!allowed.includes(backend) || !isValid(bytes)) continue;
    const compiled = new WebAssembly.Module(bytes);
    const { multiplyAdd } = new WebAssembly.Instance(compiled).exports as { multiplyAdd: Parameters<typeof fuses>[0] }; // assembly/index.ts
    if (fuses(multiplyAdd)) return { backend, compiled };
  }
  return undefined;
}

/** Whether the engine takes the module. That of Node 20 has relaxed SIMD behind a flag, which later ones know no more. */
function isValid(bytes: Buffer): boolean {
  if (WebAssembly.validate(bytes)) return true;
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(bytes);
}
