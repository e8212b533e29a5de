import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../lab/silentLog.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { Client, Database } from '../../../db/connection/client.ts';
import { findRun, listRuns } from '../../../db/tables/runs.ts';
import { withDatabase } from '../../../lab/database.ts';
import type { Log } from '../../../service/log.ts';
import { claimManualRun, queueManualRun, queueSlot } from '../../../shepherd/queue/queue.ts';
import { storeSeries } from '../../helpers/records.ts';

/** The runs that a worker would take, in order. */
const listDue = async (client: Client): Promise<string[]> =>
  (
    await client.query<{ id: string }>(`SELECT id FROM runs WHERE state = 'queued' AND due_at <= now() ORDER BY id`)
  ).map(({ id }) => id);

/** The same database, in which every statement with these words fails. */
function failing(db: Database, words: string): Database {
  return {
    ...db,
    transaction: (work) =>
      db.transaction((client) =>
        work({
          query: (text, parameters) =>
            text.includes(words) ? Promise.reject(new Error('no room')) : client.query(text, parameters),
        }),
      ),
  };
}

test('a slot is claimed and what it covers is ended, both or neither', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const told: RecordedEvent[] = [];
  const log: Log = { ...silentLog, event: (event) => told.push(event) };
  const due = { slot: '2026-03-02T22:15Z', trigger: 'catch-up' } as const;
  await assert.rejects(queueSlot(failing(db, "'skipped'"), parseSymbol('X'), due, log), /no room/);
  assert.deepEqual(await listRuns(db, { limit: 9 }), []);

  const first = (await queueSlot(db, parseSymbol('X'), due, log))!;
  assert.equal(await queueSlot(db, parseSymbol('X'), due, log), undefined);
  const other = (await queueSlot(db, parseSymbol('Y'), due, log))!;
  const run = await findRun(db, first);
  assert.deepEqual([run?.slot, run?.trigger, run?.symbol], [due.slot, 'catch-up', 'X']);
  const asked = await queueManualRun(db, parseSymbol('X'), 0, { force: true });
  assert.deepEqual(await listDue(db), [first, other, asked]);

  const later = { slot: '2026-03-03T22:15Z', trigger: 'schedule' } as const;
  await assert.rejects(queueSlot(failing(db, 'INSERT INTO events'), parseSymbol('X'), later, log), /no room/);
  assert.equal((await findRun(db, first))?.state, 'queued', 'not covered by a run that is not there');
  const next = (await queueSlot(db, parseSymbol('X'), later, log))!;
  assert.deepEqual(await listDue(db), [other, asked, next]);
  assert.equal((await findRun(db, first))?.state, 'skipped');
  assert.deepEqual(
    told.map(({ kind, runId, payload }) => [kind, runId, payload]),
    [['run:skipped', first, { reason: 'superseded', by: next }]],
    'told once it has happened, and only then',
  );
});

test('each request of a person is a run of its own, with what was asked', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const now = Date.parse('2026-03-02T22:15:00.123Z');
  const request = { force: true, reason: 'to see', model: { units: [3] } };
  const id = await claimManualRun(db, parseSymbol('X'), now, request);
  const run = await findRun(db, id);
  assert.deepEqual([run?.trigger, run?.request, run?.state], ['manual', request, 'queued']);
  assert.match(run?.slot ?? '', /^manual 2026-03-02T22:15:00\.123Z [0-9a-z]+$/);
  assert.deepEqual(await listDue(db), [], 'carried out by the one who asks');
  const [row] = await db.query<{ seconds: number }>(
    'SELECT extract(epoch FROM due_at - queued_at)::float8 AS seconds FROM runs WHERE id = $1',
    [id],
  );
  assert.equal(row?.seconds, 60, 'and by the queue, should that one never begin');
  await assert.rejects(queueManualRun(db, parseSymbol('X'), now, {}), {
    code: 'CONFLICT',
    message: 'Another run of X was asked for in this same millisecond; ask again.',
  });
  assert.deepEqual(await listDue(db), []);
  const next = await queueManualRun(db, parseSymbol('X'), now + 1, {});
  assert.deepEqual(await listDue(db), [next]);
  assert.equal((await listRuns(db, { limit: 9 })).length, 2);
});
