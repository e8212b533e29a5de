/** Where element (row, column) of a matrix with `rows` rows lies in its panels of 4 columns (see `Panels`). */
export function inPanels(rows: number, row: number, column: number): number {
  return (column & ~3) * rows + row * 4 + (column & 3);
}

/** The least multiple of `multiple` that is at least `n`. */
export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;
