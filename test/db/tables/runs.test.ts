import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  claimSlot,
  findRun,
  finishRun,
  listRuns,
  listUnfinished,
  saveProgress,
  startRun,
} from '../../../db/tables/runs.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';

test('of twenty claims of a slot at once, one gets the run', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, 'X');
  const other = connectAs('shepherd');
  const claim = { symbol: 'X', slot: '2020-01-02', trigger: 'schedule' } as const;
  const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => claimSlot(i % 2 ? db : other, claim)));
  assert.equal(claims.filter((id) => id !== undefined).length, 1);
  assert.equal((await listRuns(db, { limit: 10 })).length, 1);
});

test('a run goes from queued to done, and an ended run neither starts nor ends again', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const id = await claimSlot(db, { symbol: 'X', slot: 'a', trigger: 'manual', request: { force: true } });
  assert.ok(id !== undefined);
  const queued = await findRun(db, id);
  assert.deepEqual([queued?.state, queued?.attempts, queued?.request], ['queued', 0, { force: true }]);
  assert.equal((await startRun(db, id))?.state, 'running');
  await saveProgress(db, id, 'pull', { days: 3 });
  await saveProgress(db, id, 'check', null);
  const again = await startRun(db, id);
  assert.deepEqual([again?.attempts, again?.progress], [2, { pull: { days: 3 }, check: null }]);
  assert.deepEqual(
    (await listUnfinished(db)).map((run) => run.id),
    [id],
  );

  const end = { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Nothing to do.' } as const;
  assert.equal(await finishRun(db, id, end), true);
  assert.equal(await finishRun(db, id, { ...end, state: 'failed' }), false);
  assert.equal(await startRun(db, id), undefined);
  assert.deepEqual(await listUnfinished(db), []);
  const ended = await findRun(db, id);
  assert.deepEqual([ended?.state, ended?.outcome, ended?.reason], ['done', 'kept', 'fresh']);
  assert.match(ended?.endedAt ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('runs are listed the newest first, of one series or of all', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  await storeSeries(db, 'Y');
  for (const [symbol, slot] of [
    ['X', 'a'],
    ['Y', 'a'],
    ['X', 'b'],
  ] as const) {
    await claimSlot(db, { symbol, slot, trigger: 'schedule' });
  }
  const named = async (options: Parameters<typeof listRuns>[1]): Promise<string[]> =>
    (await listRuns(db, options)).map(({ symbol, slot }) => symbol + slot);
  assert.deepEqual(await named({ limit: 10 }), ['Xb', 'Ya', 'Xa']);
  assert.deepEqual(await named({ limit: 1, symbol: 'X' }), ['Xb']);
});
