import { writeCheckpoint, type Checkpoint } from '../../core/record/checkpoint.ts';
import { GrowingTree } from '../../core/record/merkle.ts';
import type { Signer } from '../../core/record/note.ts';
import type { Database } from '../../db/connection/client.ts';
import {
  findLastCheckpoint,
  listOrigins,
  placeLeaves,
  readClock,
  saveCheckpoint,
  trySealing,
} from '../../db/tables/record.ts';

export interface Sealed extends Checkpoint {
  /** Signed. */
  readonly note: string;
}

const MOST_AT_ONCE = 5_000;

/**
 * Seals what has been committed since the last checkpoint: its hashes become leaves of the tree, and the new head is signed and stored.
 * Nobody waits for it; where another process is at it, or nothing is new, there is nothing to do.
 */
export async function sealRecord(db: Database, signer: Signer): Promise<Sealed | undefined> {
  let newest: Sealed | undefined;
  for (;;) {
    const sealed = await sealBatch(db, signer);
    if (sealed === undefined) return newest;
    newest = sealed;
  }
}

function sealBatch(db: Database, signer: Signer): Promise<Sealed | undefined> {
  return db.transaction(async (client) => {
    if (!(await trySealing(client))) return undefined;
    const last = await findLastCheckpoint(client);
    const tree = new GrowingTree(last?.size, last?.frontier);
    const hashes = await placeLeaves(client, tree.size, MOST_AT_ONCE);
    if (hashes.length === 0) return undefined;
    for (const hash of hashes) tree.append(hash);
    const [origin = 'shepherd'] = await listOrigins(client);
    const checkpoint = { origin, size: tree.size, root: tree.root, sealedAt: await readClock(client) };
    const note = signer.sign(writeCheckpoint(checkpoint));
    await saveCheckpoint(client, { size: tree.size, frontier: tree.frontier, note });
    return { ...checkpoint, note };
  });
}
