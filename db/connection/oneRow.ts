/** The row of a statement that answers exactly one: INSERT … RETURNING of one row, or an aggregate without GROUP BY. */
export function oneRow<T>([row]: readonly T[]): T {
  if (row === undefined) throw new Error('A statement that answers one row answered none.');
  return row;
}
