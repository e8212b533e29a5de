/** Where element (row, column) of a matrix with `rows` rows lies in its panels of 8 columns (see `Kernel`). */
export function inPanels(rows: number, row: number, column: number): number {
  return (column & ~7) * rows + row * 8 + (column & 7);
}

/** The least multiple of `multiple` that is at least `n`. */
export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;
