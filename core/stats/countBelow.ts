/** How many of the ascending values are smaller than `value`. */
export function countBelow(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- below `high`, so an index
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
