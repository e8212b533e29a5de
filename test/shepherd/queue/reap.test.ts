import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedEvent } from '../../../core/events.ts';
import { parseRunId } from '../../../core/runId.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { holdSymbol } from '../../../db/connection/holdSymbol.ts';
import { claimSlot, findRun, startRun } from '../../../db/tables/runs.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { withDatabase } from '../../../lab/database.ts';
import { reapRuns } from '../../../shepherd/queue/reap.ts';
import { requeue } from '../../../shepherd/queue/requeue.ts';
import { storeSeries } from '../../helpers/records.ts';

test('a run whose process died is queued again four times, and given up the fifth, until a person asks for it', async (t) => {
  const { db, urls } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const told: RecordedEvent[] = [];
  const log = { ...silentLog, event: (event: RecordedEvent) => told.push(event) };
  const id = (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'schedule' }))!;
  /** Begins the run in a session that is then gone. */
  const die = async (): Promise<void> => {
    const held = await holdSymbol(urls.shepherd, parseSymbol('X'), { onLost: () => undefined });
    await held.fence(db).transaction((client) => startRun(client, id, held.lease.epoch));
    await reapRuns({ db, log });
    assert.equal((await findRun(db, id))?.state, 'running', 'while it lives it keeps its run');
    await held.release();
    await reapRuns({ db, log });
  };
  for (let attempt = 1; attempt < 5; attempt += 1) {
    await die();
    const run = await findRun(db, id);
    assert.deepEqual([run?.state, run?.attempts], ['queued', attempt]);
  }
  assert.equal(told.length, 0);
  await die();
  const run = await findRun(db, id);
  assert.deepEqual([run?.state, run?.outcome, run?.reason], ['failed', 'failed', 'ABANDONED']);
  assert.match(run?.sentence ?? '', new RegExp(`5 attempts.*"shepherd requeue ${id}"`));
  assert.deepEqual(
    told.map(({ kind, runId, payload }) => [kind, runId, payload]),
    [['run:failed', id, { reason: 'ABANDONED', attempts: 5 }]],
  );

  told.splice(0);
  assert.deepEqual(await requeue(db, { run: id, reason: 'more memory now' }, log), { run: id, symbol: 'X' });
  const again = await findRun(db, id);
  assert.deepEqual([again?.state, again?.attempts, again?.endedAt], ['queued', 0, null]);
  assert.deepEqual(await listEvents(db, { runId: id, limit: 1 }), told);
  assert.deepEqual(told.at(0)?.payload, { attempts: 5, failed: 'ABANDONED', words: 'more memory now' });
  await assert.rejects(requeue(db, { run: id, reason: 'twice' }, log), { code: 'CONFLICT', message: /is queued/ });
  await assert.rejects(requeue(db, { run: parseRunId('4711'), reason: 'none' }, log), { code: 'UNKNOWN_RUN' });
});
