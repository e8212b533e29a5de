import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findChampion } from '../../../db/champions.ts';
import { listPromotions } from '../../../db/promotions.ts';
import { listEvents, verifyChain } from '../../../db/events.ts';
import { findRun, listRuns } from '../../../db/runs.ts';
import { listScores } from '../../../db/scores.ts';
import { listModels } from '../../../db/models.ts';
import { findSeries } from '../../../db/series.ts';
import { PRICES_CHANNEL } from '../../../db/serving.ts';
import { claimManualRun, queueSlot } from '../../../shepherd/queue.ts';
import type { RunContext } from '../../../shepherd/run/context.ts';
import { failRun } from '../../../shepherd/run/fail.ts';
import { executeRun } from '../../../shepherd/run/run.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';

const DAYS = 720;
let clock = 0;

async function claim(context: RunContext, request = {}): Promise<string> {
  const id = await claimManualRun(context.db, 'X', (clock += 1), request);
  assert.ok(id !== undefined);
  return id;
}

test('the first run pulls, trains from scratch and promotes; the next scores its forecasts and keeps it', async (t) => {
  const text = simulatedCsv(DAYS + 3, 1);
  const lines = text.trimEnd().split('\n');
  const folder = csvFolder(t, { X: `${lines.slice(0, -3).join('\n')}\n` });
  const { context, told } = await setUpRun(t, folder);
  const { db } = context;

  const first = await executeRun(await claim(context), context);
  assert.equal(first?.outcome, 'promoted');
  assert.equal(first.reason, 'no-champion');
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['prices:pulled', 'retrain:decided', 'training:finished', 'gate:judged', 'champion:promoted', 'run:finished'],
  );
  const champion = await findChampion(db, 'X');
  assert.equal(champion?.model.arm, 'from-scratch');
  assert.ok(champion.model.trainedTo < champion.validatedTo, 'held-out days lie after the training days');

  writeFileSync(join(folder, 'X.csv'), text);
  told.length = 0;
  let announce: (symbol: string) => void = () => undefined;
  const announced = new Promise<string>((resolve) => (announce = resolve));
  await db.listen(PRICES_CHANNEL, announce);
  const second = await executeRun(await claim(context), context);
  assert.equal(second?.outcome, 'kept');
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['prices:pulled', 'forecast:scored', 'drift:checked', 'retrain:decided', 'run:finished'],
  );
  assert.equal(await announced, 'X', 'who serves the series is told that it has new days');
  // One day ahead: three days met their forecasts of the day before.
  assert.equal((await listScores(db, 'X', { horizon: 1, limit: 10 })).length, 3);
  assert.equal((await listScores(db, 'X', { horizon: 3, limit: 10 })).length, 1);
  assert.equal((await verifyChain(db)).intact, true);
});

test('a forced run trains both arms against the champion and says what came of it', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 2) }));
  await executeRun(await claim(context), context);
  told.length = 0;
  const end = await executeRun(await claim(context, { force: true, reason: 'to see' }), context);
  assert.ok(end?.outcome === 'revalidated' || end?.outcome === 'promoted');
  const trained = told.filter(({ kind }) => kind === 'training:finished').map(({ payload }) => payload['arm']);
  assert.deepEqual(trained.sort(), ['fine-tuned', 'from-scratch']);
  assert.equal((await listModels(context.db, 'X')).length, 3);
  assert.match(told.find(({ kind }) => kind === 'retrain:decided')?.sentence ?? '', /to see/);
});

test('a run that is stopped while it trains goes on with the training when taken up again', async (t) => {
  const { context, told, stop } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 3) }));
  const id = await claim(context);
  const interrupted: RunContext = {
    ...context,
    log: {
      ...context.log,
      event: (event) => {
        told.push(event);
        if (event.kind === 'retrain:decided') stop.abort();
      },
    },
  };
  await assert.rejects(executeRun(id, interrupted), { code: 'CANCELLED' });
  assert.equal((await findRun(context.db, id))?.state, 'running');
  assert.equal(await findChampion(context.db, 'X'), undefined);

  const end = await executeRun(id, { ...context, signal: new AbortController().signal });
  assert.equal(end?.outcome, 'promoted');
  const kinds = (await listEvents(context.db, { symbol: 'X', limit: 50 })).map(({ kind }) => kind);
  for (const once of ['prices:pulled', 'retrain:decided', 'training:finished', 'champion:promoted', 'run:finished']) {
    assert.equal(kinds.filter((kind) => kind === once).length, 1, once);
  }
  assert.equal((await findRun(context.db, id))?.attempts, 2);
  // Ended: taking it up once more does nothing.
  assert.equal(await executeRun(id, context), undefined);
});

test('of many claims of one slot one gets the run, and a newer slot covers those still waiting', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(10, 4) }));
  const { db } = context;
  const due = { slot: '2026-03-02T22:15Z', trigger: 'schedule' } as const;
  const claims = await Promise.all(Array.from({ length: 12 }, () => queueSlot(db, 'X', due)));
  const won = claims.filter((id) => id !== undefined);
  assert.equal(won.length, 1);
  const next = await queueSlot(db, 'X', { slot: '2026-03-03T22:15Z', trigger: 'schedule' });
  assert.deepEqual(
    (await listRuns(db, { limit: 5 })).map(({ id, state, reason }) => [id, state, reason]),
    [
      [next, 'queued', null],
      [won[0], 'skipped', 'superseded'],
    ],
  );
  // Off the queue as well: a worker that takes them one by one would never reach the newest.
  const jobs = await db.query<{ key: string }>('SELECT key FROM graphile_worker.jobs');
  assert.deepEqual(jobs, [{ key: `run:${next!}` }]);
});

test('too little history ends the run as failed, in one sentence, with the prices kept', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(200, 5) }));
  const id = await claim(context);
  await executeRun(id, context).catch((error: unknown) => failRun(id, error, context));
  const run = await findRun(context.db, id);
  assert.deepEqual([run?.state, run?.reason], ['failed', 'TOO_FEW_VALUES']);
  assert.match(run?.sentence ?? '', /Training needs \d+ days.*has 200/);
  assert.deepEqual(await listPromotions(context.db, 'X'), []);
});

test('settings tried in one run are kept for the series only when a model of them is promoted', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 9) }));
  const { db } = context;
  const model = { units: [3], dropout: 0 };
  await executeRun(await claim(context), context);

  // The gate asks for proof; noise gives none, so a superior model is not found here.
  const refused = await executeRun(await claim(context, { force: true, reason: 'search', model }), context);
  assert.equal(refused?.outcome, 'revalidated');
  assert.deepEqual((await findSeries(db, 'X'))?.model, {});
  const [tried] = await listModels(db, 'X');
  assert.deepEqual([tried?.arm, tried?.spec.units], ['from-scratch', [3]], 'another shape cannot be fine-tuned');

  const lenient = { ...context.settings, gate: { ...context.settings.gate, level: 1.9 } };
  const promoted = await executeRun(await claim(context, { force: true, reason: 'search', model }), {
    ...context,
    settings: lenient,
  });
  assert.equal(promoted?.outcome, 'promoted', promoted?.sentence);
  assert.deepEqual((await findSeries(db, 'X'))?.model, model);
});
