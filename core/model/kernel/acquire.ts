import type { Kernel } from './kernel.ts';
import { PlainKernel } from './plain.ts';
import { createSimdKernel } from './simd.ts';

/** Kernels not in use; a training started inside another one's callback gets its own. */
const idle: Kernel[] = [];

/** Lends a kernel with its memory for the time of `use`; memories are kept for the next caller, so that use does not pile them up. */
export function withKernel<T>(use: (kernel: Kernel) => T): T {
  const kernel = idle.pop() ?? createSimdKernel() ?? new PlainKernel();
  try {
    return use(kernel);
  } finally {
    idle.push(kernel);
  }
}
