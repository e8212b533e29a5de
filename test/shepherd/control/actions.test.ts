import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunId } from '../../../core/runId.ts';
import { findChampion } from '../../../db/tables/champions.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { listCloses } from '../../../db/tables/prices.ts';
import { claimSlot, findRun, listRuns, saveProgress } from '../../../db/tables/runs.ts';
import { findSeries } from '../../../db/tables/series.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { createActions } from '../../../shepherd/control/actions.ts';
import { bar, storeSeries } from '../../helpers/records.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

let slots = 0;

test('a pull brings the days asked for, and follows a series from its first pull on', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(30, 41), NEW: simulatedCsv(30, 42) }));
  const { db } = context;
  const { pull } = createActions(context);
  const all = simulatedCsv(30, 42)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',')[0]!);
  const [from, to] = [all[10]!, all[19]!];
  await pull({ symbol: parseSymbol('NEW'), start_date: from, end_date: to });
  assert.deepEqual((await listCloses(db, parseSymbol('NEW'))).days, all.slice(10, 20));
  await pull({ symbol: parseSymbol('NEW'), end_date: all[4]! });
  assert.deepEqual((await listCloses(db, parseSymbol('NEW'))).days, [...all.slice(0, 5), ...all.slice(10, 20)]);
  await pull({ symbol: parseSymbol('NEW'), start_date: all[25]! });
  assert.deepEqual((await listCloses(db, parseSymbol('NEW'))).days, [
    ...all.slice(0, 5),
    ...all.slice(10, 20),
    ...all.slice(25),
  ]);
  assert.deepEqual((await listCloses(db, parseSymbol('X'))).days, []);
});

test('a retrain is queued for the series named, or for each, with the reason of who asked', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, {}), ['X', 'Y']);
  const { db } = context;
  const { retrain } = createActions(context);
  await assert.rejects(retrain({ symbol: parseSymbol('NOWHERE') }), {
    code: 'UNKNOWN_SYMBOL',
    message: 'There is no series NOWHERE; known: X, Y.',
  });
  const one = (await retrain({ symbol: parseSymbol('Y'), reason: 'looks off' })) as {
    runs: { symbol: SeriesSymbol; run: RunId }[];
  };
  assert.deepEqual(
    one.runs.map(({ symbol }) => symbol),
    ['Y'],
  );
  const run = await findRun(db, one.runs[0]!.run);
  assert.deepEqual(
    [run?.symbol, run?.trigger, run?.state, run?.request],
    ['Y', 'manual', 'queued', { force: true, reason: 'looks off', by: 'token' }],
  );
  const each = (await retrain({})) as typeof one;
  assert.deepEqual(
    each.runs.map(({ symbol }) => symbol),
    ['X', 'Y'],
  );
  const request = { force: true, reason: 'asked for over the control service', by: 'token' };
  for (const { run: id } of each.runs) assert.deepEqual((await findRun(db, id))?.request, request);
  const due = await db.query<{ id: string }>(
    `SELECT id FROM runs WHERE state = 'queued' AND due_at <= now() ORDER BY id`,
  );
  assert.deepEqual(
    due.map(({ id }) => id),
    [...one.runs, ...each.runs].map(({ run: id }) => id).sort((a, b) => Number(a) - Number(b)),
  );
  // Twice in one millisecond of a clock that stands still.
  const still = createActions({ ...context, now: () => 1 });
  await still.retrain({ symbol: parseSymbol('X') });
  await assert.rejects(still.retrain({ symbol: parseSymbol('X') }), {
    code: 'CONFLICT',
    message: 'Another run of X was asked for in this same millisecond; ask again.',
  });
});

test('a promotion and the way back are those of the series named, with their reason on record', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, {}), ['X', 'Y']);
  const { db } = context;
  const { promote, rollback } = createActions(context);
  const series = simulateSeries({ length: 720, seed: 43 });
  await storeSeries(
    db,
    parseSymbol('X'),
    series.days.map((day, i) => bar(day, series.closes[i]!)),
  );
  const [one, two] = [
    await storeWorkingModel(db, parseSymbol('X'), { series }),
    await storeWorkingModel(db, parseSymbol('X'), { series }),
  ];
  await serveModel(db, parseSymbol('X'), one);
  const reason = 'the desk asks';
  for (const act of [
    promote({ symbol: parseSymbol('Z'), version: two, reason }),
    rollback({ symbol: parseSymbol('Z'), reason }),
  ])
    await assert.rejects(act, { code: 'UNKNOWN_SYMBOL', message: 'There is no series Z; known: X, Y.' });
  await assert.rejects(promote({ symbol: parseSymbol('Y'), version: two, reason }), { code: 'UNKNOWN_VERSION' });
  assert.deepEqual(await promote({ symbol: parseSymbol('X'), version: two, reason }), {
    symbol: 'X',
    version: two,
    previous: one,
  });
  assert.equal((await findChampion(db, parseSymbol('X')))?.model.version, two);
  assert.deepEqual(await rollback({ symbol: parseSymbol('X'), reason: 'worse' }), { symbol: 'X', from: two, to: one });
  assert.equal((await findChampion(db, parseSymbol('X')))?.model.version, one);
  assert.deepEqual(
    (await listPromotions(db, parseSymbol('X'))).map((promotion) => promotion.reason),
    ['worse', reason, 'there was none'],
  );
  assert.deepEqual(await listEvents(db, { symbol: parseSymbol('X'), limit: 9 }), told.toReversed());
});

test('a series that is brought for training is stored, and its run tries its parameters before the series keeps them', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, {}));
  const { db } = context;
  const { train } = createActions(context);
  const form = { symbol: parseSymbol('MINE'), targetColumn: 'mean', modelParameters: { units: [4] } };
  const csv = Buffer.from('day,least,mean\n2020-01-01,-1,2\n2020-01-02,-2,3.5\n');
  const answer = (await train({ ...form, csv })) as { run: RunId; inserted: number };
  assert.equal(answer.inserted, 2);
  assert.deepEqual([...(await listCloses(db, parseSymbol('MINE'))).closes], [2, 3.5]);
  assert.deepEqual((await findSeries(db, parseSymbol('MINE')))?.model, {});
  const run = await findRun(db, answer.run);
  const request = { force: true, reason: 'a series was brought for training', model: { units: [4] }, by: 'token' };
  assert.deepEqual([run?.symbol, run?.request, run?.state], ['MINE', request, 'queued']);
  await assert.rejects(train({ ...form, csv: Buffer.from('a,b\n1,2') }), { code: 'INVALID_CSV' });
});

test('runs are listed without what only a run needs, of one series or of all', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, {}), ['X', 'Y']);
  const { db } = context;
  for (const symbol of ['X', 'Y', 'X'].map(parseSymbol)) {
    const id = await claimSlot(db, { symbol, slot: symbol + String((slots += 1)), trigger: 'schedule' });
    await saveProgress(db, id!, 'pull', { large: true });
  }
  const { runs } = createActions(context);
  const [newest] = await listRuns(db, { limit: 1 });
  const { progress, ...told } = newest!;
  assert.deepEqual(progress, { pull: { large: true } });
  assert.deepEqual(await runs({ limit: 1 }), [told]);
  const symbols = async (asked: Parameters<typeof runs>[0]): Promise<unknown[]> =>
    (await runs(asked)).map((run) => (run as { symbol: SeriesSymbol }).symbol);
  assert.deepEqual(await symbols({ limit: 9 }), ['X', 'Y', 'X']);
  assert.deepEqual(await symbols({ symbol: parseSymbol('Y'), limit: 9 }), ['Y']);
});
