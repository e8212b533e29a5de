import type { Database } from '../../db/connection/client.ts';
import { listCheckpoints, listOrigins } from '../../db/tables/record.ts';
import type { Log } from '../../service/log.ts';
import { readNote, type KeptCheckpoints } from './keptCheckpoints.ts';
import { sealRecord } from './seal.ts';

/**
 * Seals what waits and puts every checkpoint that is not kept yet outside of the database: a line of the log and a file each. Those that
 * another process has sealed, or that this one had no time to write, are kept as well.
 */
export async function keepSealed(db: Database, kept: KeptCheckpoints, log: Pick<Log, 'note' | 'error'>): Promise<void> {
  await sealRecord(db, kept.signer);
  const [origin = ''] = await listOrigins(db);
  for (const { size, note } of await listCheckpoints(db, await kept.newestOf(origin))) {
    const says = readNote(note, kept.signer.verifierKey);
    if (says === undefined) continue; // signed by another key: verify tells
    const isKept = await kept.keep({ ...says, note });
    if (isKept)
      log.note(`Sealed ${size} leaves of the record, root ${Buffer.from(says.root).toString('base64')}.`, { note });
    else
      log.error(
        `Another checkpoint over ${size} leaves is kept outside of the database: the record was forked; see shepherd verify --all.`,
      );
  }
}
