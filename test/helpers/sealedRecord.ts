import { join } from 'node:path';
import { createSigner, makeSigningKey } from '../../core/record/note.ts';
import type { Database } from '../../db/connection/client.ts';
import { openCheckpoints } from '../../shepherd/record/keptCheckpoints.ts';
import { sealRecord } from '../../shepherd/record/seal.ts';
import { verifyRecord } from '../../shepherd/record/verify.ts';

/** Of the records that tests seal. */
export const testSigner = createSigner(makeSigningKey('test'));

/**
 * Seals all there is and compares every row with it: what a look at the record finds.
 * @param dataDir of the service that has sealed before.
 */
export async function recordFaults(db: Database, dataDir?: string): Promise<readonly string[]> {
  const kept = dataDir === undefined ? undefined : await openCheckpoints(join(dataDir, 'checkpoints'));
  const { signer = testSigner } = kept ?? {};
  await sealRecord(db, signer);
  const options = { verifierKey: signer.verifierKey, kept: (await kept?.list()) ?? [] };
  return (await verifyRecord(db, options)).faults;
}
