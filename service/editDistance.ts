/** Letters to insert, delete or replace to make one text of another (Levenshtein 1966). */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, k) => k);
  for (const [i, letter] of Array.from(one).entries()) {
    let left = i + 1;
    row = row.map((above, k) => {
      if (k === 0) return left;
      const diagonal = row[k - 1] ?? 0;
      left = Math.min(left + 1, above + 1, diagonal + (letter === other[k - 1] ? 0 : 1));
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
