import type { Pass } from '../../../core/model/pass.ts';

/** All answers of a pass, sequence after sequence; each is replaced by what `change` makes of it. */
export function replaceAnswers(pass: Pass, change: (value: number, k: number) => number): Float32Array {
  const { steps, from, batch } = pass.shape;
  const { outputs } = pass.layout;
  const own = (steps - from) * outputs;
  return Float32Array.from({ length: batch * own }, (_, k) => {
    const { floats, at, stride, spacing } = pass.answersOf(Math.floor(k / own));
    const place = at + Math.floor((k % own) / outputs) * stride + (k % outputs) * spacing;
    const value = floats[place]!; // within the view
    floats[place] = change(value, k);
    return value;
  });
}
