import { setImmediate } from 'node:timers/promises';

/** Rows between two looks at the event loop: some milliseconds of work. */
const ROWS_A_TURN = 2_000;

/** As `Array.map`, but others get their turn in between: a file of 100,000 rows takes a second. */
export async function mapInTurns<In, Out>(rows: readonly In[], map: (row: In) => Out): Promise<Out[]> {
  const mapped: Out[] = [];
  for (let from = 0; from < rows.length; from += ROWS_A_TURN) {
    for (const row of rows.slice(from, from + ROWS_A_TURN)) mapped.push(map(row));
    await setImmediate();
  }
  return mapped;
}
