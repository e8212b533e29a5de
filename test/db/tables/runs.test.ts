import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRunId, type RunId } from '../../../core/runId.ts';
import {
  claimSlot,
  findRun,
  finishRun,
  listRuns,
  saveProgress,
  startRun,
  supersedeQueued,
  type RunTrigger,
} from '../../../db/tables/runs.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';

test('of twenty claims of a slot at once, one gets the run', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const other = connectAs('shepherd');
  const claim = { symbol: parseSymbol('X'), slot: '2020-01-02', trigger: 'schedule' } as const;
  const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => claimSlot(i % 2 ? db : other, claim)));
  assert.equal(claims.filter((id) => id !== undefined).length, 1);
  assert.equal((await listRuns(db, { limit: 10 })).length, 1);
});

test('a run goes from queued to done, and an ended run neither starts nor ends again', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const id = await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual', request: { force: true } });
  assert.ok(id !== undefined);
  const queued = await findRun(db, id);
  assert.deepEqual([queued?.state, queued?.attempts, queued?.request], ['queued', 0, { force: true }]);
  assert.equal((await startRun(db, id))?.state, 'running');
  await saveProgress(db, id, 'pull', { days: 3 });
  await saveProgress(db, id, 'check', null);
  const again = await startRun(db, id);
  assert.deepEqual([again?.attempts, again?.progress], [2, { pull: { days: 3 }, check: null }]);

  const end = { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Nothing to do.' } as const;
  assert.equal(await finishRun(db, id, end), true);
  assert.equal(await finishRun(db, id, { ...end, state: 'failed' }), false);
  assert.equal(await startRun(db, id), undefined);
  const ended = await findRun(db, id);
  assert.deepEqual([ended?.state, ended?.outcome, ended?.reason], ['done', 'kept', 'fresh']);
  assert.match(ended?.endedAt ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('runs are listed the newest first, of one series or of all', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  await storeSeries(db, parseSymbol('Y'));
  for (const [symbol, slot] of [
    [parseSymbol('X'), 'a'],
    [parseSymbol('Y'), 'a'],
    [parseSymbol('X'), 'b'],
  ] as const) {
    await claimSlot(db, { symbol, slot, trigger: 'schedule' });
  }
  const named = async (options: Parameters<typeof listRuns>[1]): Promise<string[]> =>
    (await listRuns(db, options)).map(({ symbol, slot }) => symbol + slot);
  assert.deepEqual(await named({ limit: 10 }), ['Xb', 'Ya', 'Xa']);
  assert.deepEqual(await named({ limit: 1, symbol: parseSymbol('X') }), ['Xb']);
  assert.deepEqual(await named({ limit: 1, symbol: parseSymbol('Y') }), ['Ya']);
});

test('a newer slot covers what still waits of its series, but no request of a person, nothing begun, nothing newer', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const claim = async (symbol: SeriesSymbol, slot: string, trigger: RunTrigger): Promise<RunId> =>
    (await claimSlot(db, { symbol, slot, trigger }))!;
  const ended = await claim(parseSymbol('X'), 'a', 'schedule');
  await finishRun(db, ended, { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Kept.' });
  const begun = await claim(parseSymbol('X'), 'b', 'schedule');
  await startRun(db, begun);
  const asked = await claim(parseSymbol('X'), 'c', 'manual');
  const other = await claim(parseSymbol('Y'), 'd', 'schedule');
  const waiting = await claim(parseSymbol('X'), 'e', 'schedule');
  const late = await claim(parseSymbol('X'), 'f', 'catch-up');
  const by = await claim(parseSymbol('X'), 'g', 'schedule');
  const newer = await claim(parseSymbol('X'), 'h', 'schedule');
  assert.deepEqual((await supersedeQueued(db, { symbol: parseSymbol('X'), by })).sort(), [waiting, late].sort());
  const states = async (ids: readonly RunId[]): Promise<unknown[]> =>
    Promise.all(ids.map(async (id) => (await findRun(db, id))?.state));
  assert.deepEqual(await states([ended, begun, asked, other, by, newer]), [
    'done',
    'running',
    'queued',
    'queued',
    'queued',
    'queued',
  ]);
  const run = await findRun(db, late);
  assert.deepEqual(
    [run?.state, run?.outcome, run?.reason, run?.sentence],
    ['skipped', 'skipped', 'superseded', `Covered by run ${by}.`],
  );
  assert.match(run?.endedAt ?? '', /Z$/);
  const unfinished = (await listRuns(db, { limit: 10 })).filter(
    ({ state }) => state === 'queued' || state === 'running',
  );
  assert.deepEqual(
    unfinished.map(({ id }) => id).sort((a, b) => Number(a) - Number(b)),
    [begun, asked, other, by, newer],
  );
});

test('a run keeps what was asked of it and when it first began, however often it is taken up', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const slot = '2020-01-02T22:15Z';
  const id = (await claimSlot(db, { symbol: parseSymbol('X'), slot, trigger: 'catch-up' }))!;
  const same = (await claimSlot(db, {
    symbol: parseSymbol('Y'),
    slot,
    trigger: 'schedule',
    request: { reason: 'why' },
  }))!;
  const { queuedAt, ...queued } = (await findRun(db, id))!;
  const nothing = { startedAt: null, endedAt: null, outcome: null, reason: null, sentence: null };
  const claimed = { id, symbol: 'X', slot, trigger: 'catch-up', request: {}, state: 'queued', attempts: 0 };
  assert.deepEqual(queued, { ...claimed, ...nothing, progress: {} });
  assert.match(queuedAt, /Z$/);
  const first = await startRun(db, id);
  await db.query('SELECT pg_sleep(0.002)'); // instants cross as milliseconds
  const second = await startRun(db, id);
  assert.deepEqual([first?.startedAt, first?.attempts], [second?.startedAt, 1]);
  await saveProgress(db, id, 'pull', { days: 3 });
  await saveProgress(db, id, 'pull', { days: 4 });
  assert.deepEqual((await findRun(db, id))?.progress, { pull: { days: 4 } });
  // Of the run of the other series with the same slot nothing has changed; it may end without having begun.
  const other = (await findRun(db, same))!;
  assert.deepEqual([other.state, other.progress, other.request], ['queued', {}, { reason: 'why' }]);
  const end = { state: 'failed', outcome: 'failed', reason: 'FAULT', sentence: 'It failed.' } as const;
  assert.equal(await finishRun(db, same, end), true);
  const { state, outcome, reason, sentence } = (await findRun(db, same))!;
  assert.deepEqual({ state, outcome, reason, sentence }, end);
  assert.equal((await findRun(db, id))?.state, 'running');
  assert.equal(await findRun(db, parseRunId('4711')), undefined);
});
