/** Longest stretch of work between two looks at the event loop; well below the time a caller notices. */
const SLICE_MS = 4;

/**
 * Does `work` for each index in [from, to) in pieces of `step`, giving way to other callers whenever a slice of time is used up.
 * @param stopped asked before each piece; true ends the work early (the caller has gone away).
 */
export async function inSlices(
  range: { readonly from: number; readonly to: number; readonly step: number },
  work: (from: number, to: number) => void,
  stopped: () => boolean = () => false,
  now: () => number = () => performance.now(),
): Promise<void> {
  let sliceEnds = now() + SLICE_MS;
  for (let from = range.from; from < range.to; from += range.step) {
    if (stopped()) return;
    work(from, Math.min(from + range.step, range.to));
    if (now() >= sliceEnds) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnds = now() + SLICE_MS;
    }
  }
}
