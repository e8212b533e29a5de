import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readCheckpoint, type Checkpoint } from '../../../core/record/checkpoint.ts';
import { createSigner, makeSigningKey } from '../../../core/record/note.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { promote } from '../../../db/tables/champions.ts';
import type { Client } from '../../../db/connection/client.ts';
import { appendDecision } from '../../../db/tables/decisions.ts';
import { appendEvent } from '../../../db/tables/events.ts';
import { findLastCheckpoint, listCheckpoints } from '../../../db/tables/record.ts';
import { saveSnapshot } from '../../../db/tables/snapshots.ts';
import { createTestDatabase, withDatabase, type TestDatabase } from '../../../lab/database.ts';
import { drawTampering } from '../../../lab/recordTampering.ts';
import { keepSealed } from '../../../shepherd/record/keepSealed.ts';
import { openCheckpoints } from '../../../shepherd/record/keptCheckpoints.ts';
import { sealRecord } from '../../../shepherd/record/seal.ts';
import { verifyRecord, verifyWithin } from '../../../shepherd/record/verify.ts';
import { DAY, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { testSigner } from '../../helpers/sealedRecord.ts';

const X = parseSymbol('X');
const { verifierKey } = testSigner;

let database: TestDatabase;
let kept: Checkpoint[];

/** A little of everything that is sealed. */
async function live(db: Client, n: number): Promise<void> {
  const version = await storeModel(db, X, { sha256: `${n}`.padStart(64, 'a') });
  await saveSnapshot(db, `digest ${n}`, { days: [DAY], closes: Float64Array.of(n) });
  const judged = {
    runId: null,
    symbol: X,
    day: DAY,
    verdict: 'keep',
    reason: 'fresh',
    sentence: 'Kept.',
    report: { n },
  };
  for (const stage of ['retrain', 'gate'] as const) await appendDecision(db, { ...judged, stage });
  const told = { symbol: X, runId: null, sentence: `It was ${n}.` };
  for (let i = 0; i < 5; i += 1) await appendEvent(db, { ...told, kind: 'drift:checked', payload: { n, i } });
  const previous = n === 1 ? null : ((version - 1) as typeof version); // models are stored one after another
  await promote(db, newPromotion(X, version, { expected: previous, kind: n === 1 ? 'first' : 'gate' }));
  await appendEvent(db, { ...told, kind: 'champion:promoted', payload: { version, previous } });
}

before(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await storeSeries(db, X);
  for (const n of [1, 2, 3]) {
    await live(db, n);
    await sealRecord(db, testSigner);
  }
  kept = (await listCheckpoints(db, 0)).map(({ note }) => readCheckpoint(note)!);
});
after(() => database.close());

test('a record that nobody touched is whole, and every row is under a signed head', async () => {
  const verdict = await verifyRecord(database.db, { verifierKey, kept });
  assert.deepEqual([verdict.faults, verdict.size, verdict.compared, verdict.waiting], [[], 33, 33, 0]);
  assert.deepEqual(
    kept.map(({ size }) => size),
    [11, 22, 33],
  );
});

// 1,000 with RECORD_TAMPERINGS=1000.
const count = Number(process.env['RECORD_TAMPERINGS'] ?? 60);
test(`each of ${count} falsifications is found: changes, removals, cuts, forks, exchanged leaves and back-dated rows`, async () => {
  const owner = database.connectAs('owner');
  const undone = new Error('undone');
  const seen = new Set<string>();
  for (let n = 0; n < count; n += 1) {
    const tampering = drawTampering(1, n);
    seen.add(tampering.name.replace(/ \w+\.\w+$/, ''));
    await assert.rejects(
      owner.transaction(async (client) => {
        await tampering.apply(client);
        const { faults } = await verifyWithin(client, { verifierKey, kept });
        assert.ok(faults.length > 0, `${n}: ${tampering.name} was not found`);
        throw undone;
      }),
      undone,
    );
  }
  assert.ok(seen.size >= 7, [...seen].join());
});

test('an event that is dated back and then sealed, and a record signed anew with its own key, do not agree with what was kept', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, X);
  await live(db, 1);
  await sealRecord(db, testSigner);
  const before = await findLastCheckpoint(db);
  const owner = connectAs('owner');
  await owner.query('ALTER TABLE events DISABLE TRIGGER number_event');
  await owner.query(
    `INSERT INTO events (id, at, symbol, kind, payload, sentence) VALUES (999, now() - interval '3 days', 'X', 'drift:checked', '{}', 'Well.')`,
  );
  await sealRecord(db, testSigner);
  const dated = await verifyRecord(db, { verifierKey, kept: [] });
  assert.deepEqual(
    dated.faults.map((fault) => fault.replace(/\(.*\)/, '()')),
    ['Event 999 bears a time () at which it was not made.'],
  );

  // With every row, leaf and head made again and signed with the stolen key, only what is outside tells.
  await owner.transaction(async (client) => {
    await client.query(`SET LOCAL session_replication_role = 'replica'`);
    await client.query('DELETE FROM checkpoints');
    await client.query('DELETE FROM events WHERE id = 999');
    await client.query(`DELETE FROM record_leaves WHERE key = '999'`);
    await client.query(`UPDATE decisions SET verdict = 'retrain'`);
    await client.query('UPDATE record_leaves SET position = NULL, hash = NULL');
  });
  await sealRecord(db, testSigner);
  assert.deepEqual((await verifyRecord(db, { verifierKey, kept: [] })).faults, []);
  const forked = await verifyRecord(db, { verifierKey, kept: [readCheckpoint(before!.note)!] });
  assert.deepEqual(forked.faults, ['The record over 11 leaves is another than was signed.']);
  const thief = await verifyRecord(db, { verifierKey: createSigner(makeSigningKey('test')).verifierKey, kept: [] });
  assert.match(thief.faults[0] ?? '', /is not signed by the key/);
});

test('a later look compares only what was sealed since, and says what it found there', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, X);
  await live(db, 1);
  await sealRecord(db, testSigner);
  const since = await findLastCheckpoint(db);
  await appendEvent(db, { kind: 'drift:checked', symbol: X, runId: null, payload: {}, sentence: 'Later.' });
  assert.equal((await verifyRecord(db, { verifierKey, kept: [], since })).waiting, 1);
  await sealRecord(db, testSigner);
  const look = await verifyRecord(db, { verifierKey, kept: [], since });
  assert.deepEqual([look.faults, look.size, look.compared], [[], 12, 1]);
  await connectAs('owner').transaction(async (client) => {
    await client.query(`SET LOCAL session_replication_role = 'replica'`);
    await client.query(`UPDATE events SET sentence = 'Never.' WHERE sentence = 'Later.'`);
  });
  assert.match(
    (await verifyRecord(db, { verifierKey, kept: [], since })).faults.join(),
    /Event \d+ is not as it was sealed/,
  );
});

test('of many that seal at once none waits, none seals twice, and what is uncommitted goes into a later batch', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const other = connectAs('shepherd');
  const say = (client: Client, n: number) =>
    appendEvent(client, { kind: 'drift:checked', symbol: null, runId: null, payload: { n }, sentence: `${n}` });
  await db.transaction(async (client) => {
    await say(client, 1);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => say(other, n + 2).then(() => sealRecord(other, testSigner))),
    );
    assert.equal((await sealRecord(other, testSigner))?.size ?? (await findLastCheckpoint(other))?.size, 20);
  });
  await sealRecord(db, testSigner);
  const { faults, size } = await verifyRecord(db, { verifierKey, kept: [] });
  assert.deepEqual([faults, size], [[], 21]);
});

test('checkpoints are kept outside of the database as they were first signed, the key for its owner alone', async (t) => {
  const { db } = await withDatabase(t);
  const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const keptHere = await openCheckpoints(folder);
  assert.equal(statSync(join(folder, 'signing-key')).mode & 0o077, 0);
  assert.equal((await openCheckpoints(folder)).signer.verifierKey, keptHere.signer.verifierKey);
  const said: string[] = [];
  const log = { ...silentLog, note: (line: string) => said.push(line), error: (line: string) => said.push(line) };
  const say = () => appendEvent(db, { kind: 'drift:checked', symbol: null, runId: null, payload: {}, sentence: 'So.' });
  await say();
  await sealRecord(db, keptHere.signer); // and the process ended before it wrote the file
  await say();
  await keepSealed(db, keptHere, log);
  await keepSealed(db, keptHere, log);
  assert.deepEqual(
    (await keptHere.list()).map(({ size }) => size),
    [1, 2],
  );
  assert.deepEqual(
    said.map((line) => line.replace(/root .*/, '')),
    ['Sealed 1 leaves of the record, ', 'Sealed 2 leaves of the record, '],
  );
});
