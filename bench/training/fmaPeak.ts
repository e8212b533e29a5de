import { setFlagsFromString } from 'node:v8';

/** What is used of AssemblyScript's compiler; its own declarations would redefine the methods of arrays for the whole project. */
interface Compiler {
  main(
    options: readonly string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: string | Uint8Array): void;
      listFiles(): string[];
    },
  ): Promise<unknown>;
}
const COMPILER: string = 'assemblyscript/asc';

const CHAINS = 10;
const TURNS = 1000;
const chains = Array.from({ length: CHAINS }, (_, k) => `c${k}`);
const SOURCE = `export function loop(): f32 {
  const x = f32x4.splat(1.0000001), y = f32x4.splat(0.9999);
  let ${chains.map((c) => `${c} = x`).join(', ')};
  for (let i = 0; i < ${TURNS}; i += 1) {
    ${chains.map((c) => `${c} = f32x4.relaxed_madd(x, y, ${c});`).join(' ')}
  }
  return f32x4.extract_lane(${chains.reduce((sum, c) => `f32x4.add(${sum}, ${c})`)}, 0);
}`;

/**
 * What this machine multiplies and adds at most in 128-bit registers, in GFLOP/s: fused, in a loop that touches no memory. Each
 * call of the function returned times a few such loops and gives the best rate seen so far.
 */
export async function createPeakMeter(): Promise<() => number> {
  let wasm: Uint8Array | undefined;
  const { default: asc } = (await import(COMPILER)) as { default: Compiler }; // its documented entry
  const options = [
    'loop.ts',
    '--runtime',
    'stub',
    '-O3',
    '--enable',
    'simd',
    '--enable',
    'relaxed-simd',
    '-o',
    'loop.wasm',
  ];
  await asc.main(options, {
    readFile: (name) => (name === 'loop.ts' ? SOURCE : null),
    writeFile: (name, contents) => {
      if (name === 'loop.wasm' && typeof contents !== 'string') wasm = contents;
    },
    listFiles: () => [],
  });
  if (!wasm) throw new Error('the loop of registers does not compile');
  setFlagsFromString('--no-liftoff'); // the optimising compiler at once: it does not replace a loop that is running
  const { loop } = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports as { loop: () => number };
  loop();
  setFlagsFromString('--liftoff');
  let best = 0;
  return () => {
    for (let k = 0; k < 40; k += 1) {
      const start = performance.now();
      for (let call = 0; call < 10; call += 1) loop();
      best = Math.max(best, (10 * TURNS * CHAINS * 8) / (1e6 * (performance.now() - start)));
    }
    return best;
  };
}
