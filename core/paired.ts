/**
 * The elements of two lists side by side.
 * @throws RangeError for lists of different lengths: that is a bug, not bad input.
 */
export function paired<A, B>(first: ArrayLike<A>, second: ArrayLike<B>): [A, B][] {
  if (first.length !== second.length) {
    throw new RangeError(`${first.length} elements cannot be paired with ${second.length}`);
  }
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- an index of the one is one of the other: of one length
  return Array.from(first, (each, index) => [each, second[index]!]);
}

/** Each element with the one after it: n elements make n - 1 pairs. */
export function successive<T>(values: readonly T[]): [T, T][] {
  return paired(values.slice(0, -1), values.slice(1));
}
