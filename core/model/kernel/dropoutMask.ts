import type { DropoutMask } from './kernel.ts';

/** The mask of one layer and group of a training step, each its own; without a seed nothing is dropped. */
export function dropoutMask(rate: number, seed: number | undefined, layer: number, group: number): DropoutMask {
  const used = seed === undefined ? 0 : rate;
  const own = ((seed ?? 0) + Math.imul(layer, 0x2545f491) + Math.imul(group, 0x632be5ab)) | 0;
  return { seed: own, threshold: Math.round(used * 4_294_967_296), scale: 1 / (1 - used) };
}

/** Whether the number at a position (step · rows · 8 + row · 8 + lane) is kept: lowbias32 (Wellons 2018) against the threshold. */
export function isKept({ seed, threshold }: DropoutMask, position: number): boolean {
  let x = (seed + Math.imul(position, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0 >= threshold;
}
