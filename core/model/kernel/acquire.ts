import type { Backend, Kernel } from './kernel.ts';
import { PlainKernel } from './plain.ts';

/** Kernels not in use; a training started inside another one's callback gets its own. */
const idle: Kernel[] = [];

export const BACKEND: Backend = 'plain';

/** Lends a kernel with its memory for the time of `use`; memories are kept for the next caller, so use does not grow them. */
export function withKernel<T>(use: (kernel: Kernel) => T): T {
  const kernel = idle.pop() ?? new PlainKernel();
  try {
    return use(kernel);
  } finally {
    idle.push(kernel);
  }
}
