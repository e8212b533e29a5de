import type { Kernel } from './kernel.ts';
import { PlainKernel } from './plain.ts';
import { createSimdKernel } from './simd.ts';

/** Kernels not in use, and by whom their memory was last written; a training started inside another one's callback gets its own. */
const idle: { readonly kernel: Kernel; readonly owner: object | undefined }[] = [];

/**
 * Lends a kernel with its memory for the time of `use`; memories are kept for the next caller, so that use does not pile them up.
 * @param owner who may come again: `use` is told whether the memory is as the same owner left it.
 */
export function withKernel<T>(use: (kernel: Kernel, kept: boolean) => T, owner?: object): T {
  const own = owner === undefined ? -1 : idle.findLastIndex((each) => each.owner === owner);
  const found = own === -1 ? idle.pop() : idle.splice(own, 1)[0];
  const kernel = found?.kernel ?? createSimdKernel() ?? new PlainKernel();
  let finished = false;
  try {
    const result = use(kernel, own !== -1);
    finished = true;
    return result;
  } finally {
    idle.push({ kernel, owner: finished ? owner : undefined });
  }
}
