import { createSigner, makeSigningKey } from '../../core/record/note.ts';
import type { Database } from '../../db/connection/client.ts';
import { sealRecord } from '../../shepherd/record/seal.ts';
import { verifyRecord } from '../../shepherd/record/verify.ts';

/** Of the records that tests seal. */
export const testSigner = createSigner(makeSigningKey('test'));

/** Seals all there is and compares every row with it: what a look at the record finds. */
export async function recordFaults(db: Database): Promise<readonly string[]> {
  await sealRecord(db, testSigner);
  return (await verifyRecord(db, { verifierKey: testSigner.verifierKey, kept: [] })).faults;
}
