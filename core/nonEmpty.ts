/** A list that has a first element, so that its first and last need no guess. */
export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(values: readonly T[]): values is NonEmpty<T> {
  return values.length > 0;
}

export function last<T>(values: NonEmpty<T>): T {
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- what has a first element has a last one
  return values.at(-1)!;
}
