import type { Client, Database } from './client.ts';

/** A database, however it is wrapped, in the name of `actor`. */
export function inNameOf(db: Database, actor: string): Database {
  return {
    ...db,
    actor,
    transaction: (work) => db.transaction((client: Client) => work({ ...client, actor })),
  };
}
