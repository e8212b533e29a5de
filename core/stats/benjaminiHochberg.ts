/**
 * Benjamini & Hochberg (1995): adjusted p-values that hold the expected share of false discoveries among
 * the discoveries at any level they are compared with. Valid for independent and positively dependent tests (symbols move together).
 * @param pValues one a symbol, each 0 … 1.
 * @returns adjusted p-values in the order given; a discovery at level q is one with adjusted p <= q.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  for (const [position, { p, index }] of descending.entries()) {
    const rank = pValues.length - position;
    smallest = Math.min(smallest, p * (pValues.length / rank));
    adjusted[index] = smallest;
  }
  return adjusted;
}
