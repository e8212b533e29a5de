import type { ModelSpec } from './spec.ts';

/** Whether weights trained under one spec fit the other, so that it can be fine-tuned from them. */
export function sameShape(a: ModelSpec, b: ModelSpec): boolean {
  return (
    a.transform === b.transform && a.window === b.window && a.horizon === b.horizon && a.units.join() === b.units.join()
  );
}
