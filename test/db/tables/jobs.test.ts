import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../../db/connection/client.ts';
import { holdSymbol } from '../../../db/connection/symbolLock.ts';
import { dequeueRuns, enqueueRun, requeueAbandonedRuns, RUN_TASK } from '../../../db/tables/jobs.ts';
import { claimSlot, finishRun, startRun } from '../../../db/tables/runs.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';

let slots = 0;

async function claim(client: Client, symbol: string): Promise<string> {
  return (await claimSlot(client, { symbol, slot: String((slots += 1)), trigger: 'schedule' }))!;
}

const listKeys = async (client: Client): Promise<string[]> =>
  (await client.query<{ key: string }>('SELECT key FROM graphile_worker.jobs ORDER BY id')).map(({ key }) => key);

test('a run is queued once, behind the others of its symbol, with what a worker needs to carry it out', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, 'X');
  const id = await claim(db, 'X');
  await enqueueRun(db, { id, symbol: 'X' });
  await enqueueRun(db, { id, symbol: 'X' });
  const jobs = await connectAs('owner').query(
    `SELECT t.identifier AS task, j.payload::jsonb, q.queue_name AS queue, j.key, j.max_attempts AS attempts
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id`,
  );
  assert.deepEqual(jobs, [{ task: RUN_TASK, payload: { runId: id }, queue: 'X', key: `run:${id}`, attempts: 5 }]);
});

test('only the runs that are named are taken off the queue', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const ids = [await claim(db, 'X'), await claim(db, 'X'), await claim(db, 'X')];
  for (const id of ids) await enqueueRun(db, { id, symbol: 'X' });
  await dequeueRuns(db, []);
  assert.equal((await listKeys(db)).length, 3);
  await dequeueRuns(db, [ids[0]!, ids[2]!]);
  assert.deepEqual(await listKeys(db), [`run:${ids[1]!}`]);
});

test('a run goes back to the queue when the process that had it is gone, and never while one may have it', async (t) => {
  const { db, connectAs, urls } = await withDatabase(t);
  const owner = connectAs('owner');
  for (const symbol of ['X', 'Y']) await storeSeries(db, symbol);
  /** A run as a process left it: how long ago it was queued and started, and whether and since when its job is taken. */
  const leave = async (
    left: { queued?: number; started?: number; job?: 'waiting' | { taken: number } },
    symbol = 'X',
  ): Promise<string> => {
    const { queued = 0, started, job } = left;
    const id = await claim(db, symbol);
    await owner.query(`UPDATE runs SET queued_at = now() - $2 * interval '1 second' WHERE id = $1`, [id, queued]);
    if (started !== undefined) {
      await startRun(db, id);
      await owner.query(`UPDATE runs SET started_at = now() - $2 * interval '1 second' WHERE id = $1`, [id, started]);
    }
    if (job === undefined) return id;
    await enqueueRun(db, { id, symbol });
    if (job === 'waiting') return id;
    await owner.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now() - $2 * interval '1 second', locked_by = 'worker ' || $3
       WHERE key = 'run:' || $1`,
      [id, job.taken, id],
    );
    return id;
  };
  const isTaken = async (id: string): Promise<boolean | undefined> => {
    const [row] = await db.query<{ taken: boolean }>(
      `SELECT locked_by IS NOT NULL AS taken FROM graphile_worker.jobs WHERE key = 'run:' || $1`,
      [id],
    );
    return row?.taken;
  };

  const ended = await leave({ queued: 60, started: 60 });
  await finishRun(db, ended, { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Kept.' });
  const left = {
    'waiting in the queue': await leave({ queued: 60, job: 'waiting' }),
    'begun, to be tried again': await leave({ queued: 60, started: 60, job: 'waiting' }),
    'just taken': await leave({ queued: 60, job: { taken: 5 } }),
    'just claimed': await leave({ queued: 5 }),
    'begun just now without a job': await leave({ queued: 60, started: 5 }),
  };
  assert.deepEqual(await requeueAbandonedRuns(db), [], JSON.stringify(left));

  const abandoned = {
    taken: await leave({ queued: 60, job: { taken: 15 } }),
    begun: await leave({ queued: 60, started: 2, job: { taken: 2 } }),
    forgotten: await leave({ queued: 15 }, 'Y'),
    lost: await leave({ queued: 60, started: 15 }),
  };
  // While a process holds the symbol, nothing of it counts as abandoned; what it holds of another symbol is no matter.
  const release = await holdSymbol(urls.shepherd, 'X', () => undefined);
  assert.deepEqual(await requeueAbandonedRuns(db), [{ id: abandoned.forgotten, symbol: 'Y' }]);
  assert.equal(await isTaken(abandoned.forgotten), false, 'it waits in the queue again');
  await release();
  assert.deepEqual(
    await requeueAbandonedRuns(db),
    [abandoned.taken, abandoned.begun, abandoned.lost].map((id) => ({ id, symbol: 'X' })),
  );
  for (const id of Object.values(abandoned)) assert.equal(await isTaken(id), false, id);
  assert.equal(await isTaken(left['just taken']), true, 'the worker of another job keeps it');
  assert.equal((await listKeys(db)).length, 3 + 4, 'a run has one place in the queue');
  assert.deepEqual(await requeueAbandonedRuns(db), []);
});

test('a lock of another kind with the same numbers holds no symbol', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const id = await claim(db, 'X');
  await db.query(`UPDATE runs SET queued_at = now() - interval '1 minute'`);
  await db.transaction(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock((7316424::bigint << 32) | (hashtext('X')::bigint & 4294967295))`);
    await client.query(`SELECT pg_advisory_xact_lock(7316422, hashtext('X'))`);
    await client.query(`SELECT pg_advisory_xact_lock(7316424, hashtext('Y'))`);
    assert.deepEqual(await requeueAbandonedRuns(db), [{ id, symbol: 'X' }]);
  });
});
