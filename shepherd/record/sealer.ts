import { join } from 'node:path';
import type { Database } from '../../db/connection/client.ts';
import type { Log } from '../../service/log.ts';
import { keepSealed } from './keepSealed.ts';
import { openCheckpoints } from './keptCheckpoints.ts';

const SEAL_EVERY_MS = 15_000;

/** Seals the record at regular times, and once more when it is stopped. */
export interface Sealer {
  stop(): Promise<void>;
}

/** @throws ShepherdError INVALID_CONFIG when checkpoints cannot be kept in `dataDir`. */
export async function startSealer(
  db: Database,
  dataDir: string,
  log: Pick<Log, 'note' | 'warn' | 'error'>,
): Promise<Sealer> {
  const kept = await openCheckpoints(join(dataDir, 'checkpoints'));
  let failing = false;
  let underWay = Promise.resolve();
  const seal = (): Promise<void> =>
    (underWay = underWay
      .then(() => keepSealed(db, kept, log))
      .then(
        () => {
          failing = false;
        },
        (error: unknown) => {
          if (!failing) log.warn('The record cannot be sealed now; it is tried again until it can.', error);
          failing = true;
        },
      ));
  const timer = setInterval(() => void seal(), SEAL_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await seal();
    },
  };
}
