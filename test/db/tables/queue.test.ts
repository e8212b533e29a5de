import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunId } from '../../../core/runId.ts';
import { holdSymbol } from '../../../db/connection/holdSymbol.ts';
import type { Client } from '../../../db/connection/client.ts';
import { releaseLease, takeLease } from '../../../db/tables/leases.ts';
import { findDueRun, listAbandonedRuns, wrestRun } from '../../../db/tables/queue.ts';
import { claimSlot, findRun, finishRun, requeueRun, returnRun, startRun } from '../../../db/tables/runs.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';

let slots = 0;

async function claim(client: Client, symbol: SeriesSymbol, dueInMs = 0): Promise<RunId> {
  return (await claimSlot(client, { symbol, slot: String((slots += 1)), trigger: 'schedule', dueInMs }))!;
}

const END = { state: 'failed', outcome: 'failed', reason: 'FAULT', sentence: 'It failed.' } as const;

test('the oldest run that is due is found, of a series that nobody works on', async (t) => {
  const { db, urls } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y'), parseSymbol('Z')]) await storeSeries(db, symbol);
  assert.equal(await findDueRun(db), undefined);
  const later = await claim(db, parseSymbol('Z'), 3_600_000);
  const [first, second, third] = [
    await claim(db, parseSymbol('X')),
    await claim(db, parseSymbol('X')),
    await claim(db, parseSymbol('Y')),
  ];
  assert.deepEqual(await findDueRun(db), { id: first, symbol: 'X' });
  assert.deepEqual(await findDueRun(db, ['X']), { id: third, symbol: 'Y' });
  assert.equal(await findDueRun(db, ['X', 'Y']), undefined);
  const held = await holdSymbol(urls.shepherd, parseSymbol('X'), { onLost: () => undefined });
  assert.deepEqual(await findDueRun(db), { id: third, symbol: 'Y' });
  await startRun(db, first, held.lease.epoch);
  await finishRun(db, first, END);
  await held.release();
  assert.deepEqual(await findDueRun(db), { id: second, symbol: 'X' });
  await startRun(db, second);
  assert.deepEqual(await findDueRun(db), { id: third, symbol: 'Y' }, 'one that is running does not wait');
  await returnRun(db, second, { dueInMs: 3_600_000, attempted: true });
  assert.deepEqual(await findDueRun(db), { id: third, symbol: 'Y' });
  await db.query(`UPDATE runs SET due_at = now()`);
  assert.deepEqual(await findDueRun(db), { id: later, symbol: 'Z' });
});

test('attempts are starts, but for those that we ended ourselves; a failed run is queued anew with none', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const id = await claim(db, parseSymbol('X'));
  const state = async (): Promise<unknown[]> => {
    const run = await findRun(db, id);
    return [run?.state, run?.attempts];
  };
  await startRun(db, id);
  await returnRun(db, id, { dueInMs: 0, attempted: true });
  assert.deepEqual(await state(), ['queued', 1]);
  await startRun(db, id);
  await returnRun(db, id, { dueInMs: 0, attempted: false });
  assert.deepEqual(await state(), ['queued', 1]);
  await returnRun(db, id, { dueInMs: 0, attempted: false });
  assert.deepEqual(await state(), ['queued', 1], 'what waits already is not returned');
  assert.equal(await requeueRun(db, id), false, 'nor is it queued twice');
  await finishRun(db, id, END);
  assert.equal(await requeueRun(db, id), true);
  const { outcome, reason, sentence, endedAt } = (await findRun(db, id))!;
  assert.deepEqual([await state(), outcome, reason, sentence, endedAt], [['queued', 0], null, null, null, null]);
});

test('a run is abandoned when nobody works on it under its lease, and taken from its process for good', async (t) => {
  const { db, urls, connectAs } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y'), parseSymbol('Z')]) await storeSeries(db, symbol);
  const abandoned = async (): Promise<string[]> => (await listAbandonedRuns(db)).map(({ id }) => id);
  const waiting = await claim(db, parseSymbol('Y'));
  const held = await holdSymbol(urls.shepherd, parseSymbol('X'), { onLost: () => undefined });
  const [first, second] = [await claim(db, parseSymbol('X')), await claim(db, parseSymbol('X'))];
  await startRun(db, first, held.lease.epoch);
  assert.deepEqual(await abandoned(), []);
  assert.equal(await db.transaction((client) => wrestRun(client, { id: first, symbol: parseSymbol('X') })), false);

  // Worked on before there were leases, or under one that another has followed.
  await startRun(db, waiting);
  await startRun(db, second, String(Number(held.lease.epoch) - 1));
  assert.deepEqual(await abandoned(), [waiting, second]);
  assert.equal(await db.transaction((client) => wrestRun(client, { id: second, symbol: parseSymbol('X') })), true);
  assert.equal(await db.transaction((client) => wrestRun(client, { id: waiting, symbol: parseSymbol('Y') })), true);
  const fenced = held.fence(db);
  await fenced.transaction((client) => client.query('SELECT 1'));

  // The holder is frozen: its session is there, its time is up.
  await connectAs('owner').query(`UPDATE leases SET expires_at = now() WHERE symbol = 'X'`);
  assert.ok((await abandoned()).includes(first));
  assert.equal(await db.transaction((client) => wrestRun(client, { id: first, symbol: parseSymbol('X') })), true);
  await assert.rejects(
    fenced.transaction((client) => client.query('SELECT 1')),
    { code: 'SUPERSEDED' },
  );
  await held.release();
});

test('taking a lease waits for what is being stored under the one before', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const other = connectAs('shepherd');
  const lease = (await takeLease(db, parseSymbol('X'), 3_600_000))!;
  await releaseLease(db, lease);
  let taken = false;
  let taking: Promise<unknown> = Promise.resolve();
  await db.transaction(async (client) => {
    await client.query('SELECT epoch FROM leases WHERE symbol = $1 AND epoch = $2 FOR KEY SHARE', ['X', lease.epoch]);
    taking = takeLease(other, parseSymbol('X'), 1_000).then((next) => {
      taken = true;
      assert.ok(next !== undefined && next.epoch !== lease.epoch);
    });
    const owner = connectAs('owner');
    for (let waits = 0; waits === 0;) {
      const [row] = await owner.query<{ waits: number }>(
        `SELECT count(*)::int AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      waits = row?.waits ?? 0;
    }
    assert.equal(taken, false);
  });
  await taking;
});
