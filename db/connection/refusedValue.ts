import pg from 'pg';

/** Classes of SQLSTATE that speak of the values sent, not of the server: what is refused once is refused every time. */
const CLASSES: ReadonlySet<string> = new Set([
  '22', // data exception: out of range, not representable
  '23', // integrity constraint violation
]);

/** Whether PostgreSQL refused a statement for the values in it. */
export function isRefusedValue(error: unknown): boolean {
  return error instanceof pg.DatabaseError && CLASSES.has((error.code ?? '').slice(0, 2));
}
