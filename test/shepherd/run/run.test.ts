import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GateNumbers } from '../../../core/decide/gate.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import { parseRunId, type RunId } from '../../../core/runId.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import type { Series } from '../../../core/series/price.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findChampion, type NewPromotion } from '../../../db/tables/champions.ts';
import { listDecisions } from '../../../db/tables/decisions.ts';
import { listPendingForecasts } from '../../../db/tables/forecasts.ts';
import { appendPredictions } from '../../../db/tables/predictions.ts';
import { findLastDay, saveBars } from '../../../db/tables/prices.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { findDueRun } from '../../../db/tables/queue.ts';
import { findRun, listRuns, type RunRequest } from '../../../db/tables/runs.ts';
import { listScores } from '../../../db/tables/scores.ts';
import { listModels } from '../../../db/tables/models.ts';
import { findSeries, saveModelParameters } from '../../../db/tables/series.ts';
import { PRICES_CHANNEL } from '../../../db/tables/serving.ts';
import type { MlflowRun } from '../../../shepherd/tracking/mlflow.ts';
import { claimManualRun, queueSlot } from '../../../shepherd/queue/queue.ts';
import type { RunContext } from '../../../shepherd/run/context.ts';
import { executeRun } from '../../../shepherd/run/run.ts';
import { bar } from '../../helpers/records.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';
import { SMALL_SPEC } from '../../helpers/smallModel.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

const DAYS = 720;
let clock = 0;

async function claim(context: RunContext, request = {}): Promise<RunId> {
  return await claimManualRun(context.db, parseSymbol('X'), (clock += 1), request);
}

test('the first run pulls, trains from scratch and promotes; the next scores its forecasts and keeps it', async (t) => {
  const text = simulatedCsv(DAYS + 3, 1);
  const lines = text.trimEnd().split('\n');
  const folder = csvFolder(t, { X: `${lines.slice(0, -3).join('\n')}\n` });
  const { context, told, database } = await setUpRun(t, folder);
  const { db } = context;

  const first = await executeRun(await claim(context), context);
  assert.equal(first?.outcome, 'promoted');
  assert.equal(first.reason, 'no-champion');
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['prices:pulled', 'retrain:decided', 'training:finished', 'gate:judged', 'champion:promoted', 'run:finished'],
  );
  const champion = await findChampion(db, parseSymbol('X'));
  assert.equal(champion?.model.arm, 'from-scratch');
  assert.ok(champion.model.trainedTo < champion.validatedTo, 'held-out days lie after the training days');

  // Two callers were answered on the last day, for the day after it and for one that has not come by the next run.
  const asOf = champion.validatedTo;
  const answered = {
    at: 0,
    symbol: parseSymbol('X'),
    version: champion.model.version,
    form: 'symbol',
    asOf,
    seconds: 0.001,
  } as const;
  const levels = { prediction: 100, lower: 99, upper: 101, naive: 100 };
  await appendPredictions(
    database.connectAs('estimator'),
    [1, 4].map((horizon) => ({ ...answered, ...levels, horizon })),
  );
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
  assert.equal((await listScores(db, { symbol: parseSymbol('X'), days: 10 })).length, 3);
  assert.equal((await listScores(db, { symbol: parseSymbol('X'), horizon: 3, days: 10 })).length, 1);
  const [day, close] = lines.at(-3)!.split(',');
  assert.deepEqual(
    await db.query('SELECT horizon, day, actual FROM predictions ORDER BY horizon'),
    [
      { horizon: 1, day, actual: Number(close) },
      { horizon: 4, day: null, actual: null },
    ],
    'an answer to a caller meets the close of its day in the run that brings it',
  );
  assert.deepEqual(await recordFaults(db), []);
});

/** The gate's verdict on a run that was forced, as its row says, and what the run left behind. */
async function forceRun(context: RunContext, told: readonly RecordedEvent[], request: RunRequest) {
  const { db } = context;
  const before = await findChampion(db, parseSymbol('X'));
  assert.ok(before !== undefined);
  const id = await claim(context, { force: true, ...request });
  const end = await executeRun(id, context);
  const after = await findChampion(db, parseSymbol('X'));
  assert.ok(end !== undefined && after !== undefined);
  const [verdict, decision] = (await listDecisions(db, parseSymbol('X'), { limit: 10 })).filter(
    ({ runId }) => runId === id,
  );
  assert.deepEqual([verdict?.stage, decision?.stage], ['gate', 'retrain']);
  assert.deepEqual([decision?.verdict, decision?.reason], ['retrain', 'manual']);
  const run = await findRun(db, id);
  // The row, the answer and the last event say the same.
  assert.deepEqual(
    [run?.state, run?.outcome, run?.reason, run?.sentence],
    ['done', end.outcome, 'manual', verdict?.sentence],
  );
  assert.deepEqual(end, { outcome: end.outcome, reason: 'manual', sentence: verdict?.sentence });
  const events = told.filter(({ runId }) => runId === id);
  assert.deepEqual([events.at(-1)?.kind, events.at(-1)?.payload], ['run:finished', { ...end, by: 'schedule' }]);
  assert.equal(events.at(-1)?.sentence, `Ended: ${end.outcome} (manual).`);
  const models = (await listModels(db, parseSymbol('X'))).filter(({ runId }) => runId === id);
  const promotions = (await listPromotions(db, parseSymbol('X'))).filter(({ runId }) => runId === id);
  const day = (await findLastDay(db, parseSymbol('X')))!;
  assert.equal(after.validatedTo, day, 'whoever is in service has been judged up to the last day');
  return { id, end, before, after, verdict: verdict!, kinds: events.map(({ kind }) => kind), models, promotions, day };
}

test('a forced run trains both arms against the champion; verdict, rows, events and pointer agree on what came of it', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 2) }));
  const { db } = context;
  await executeRun(await claim(context), context);

  // Both arms are of the kind that is in service, on days that are pure noise: nothing is proven better.
  const first = await forceRun(context, told, { reason: 'to see' });
  assert.equal(first.end.outcome, 'revalidated');
  assert.equal(first.verdict.verdict, 'keep');
  assert.deepEqual(first.promotions, []);
  assert.equal(first.after.model.version, first.before.model.version);
  assert.equal(first.after.promotedAt, first.before.promotedAt);
  assert.deepEqual(Object.keys(first.after.evidence).sort(), ['fine-tuned', 'from-scratch']);
  assert.deepEqual(first.models.map(({ arm, parent }) => [arm, parent]).sort(), [
    ['fine-tuned', first.before.model.version],
    ['from-scratch', null],
  ]);
  assert.deepEqual(first.kinds, [
    'prices:pulled',
    'drift:checked',
    'retrain:decided',
    'training:finished',
    'training:finished',
    'gate:judged',
    'champion:revalidated',
    'run:finished',
  ]);
  assert.match(
    told.findLast(({ kind }) => kind === 'retrain:decided')?.sentence ?? '',
    /because a person asked: to see\.$/,
  );

  // A gate that asks for next to nothing lets the better arm through.
  const lenient = { ...context.settings, gate: { ...context.settings.gate, level: 1.99 } };
  const second = await forceRun({ ...context, settings: lenient }, told, {});
  assert.equal(second.end.outcome, 'promoted', second.verdict.sentence);
  assert.equal(second.verdict.verdict, 'promote');
  const { arms } = second.verdict.report as unknown as GateNumbers; // as the gate wrote it
  const best = arms.reduce((least, arm) => (arm.crps < least.crps ? arm : least));
  const promoted = second.models.find(({ version }) => version === second.after.model.version);
  assert.equal(promoted?.arm, best.name, 'the arm with the lowest loss is the one in service');
  assert.deepEqual(
    second.promotions.map(({ version, previous, kind, reason }) => ({ version, previous, kind, reason })),
    [
      {
        version: second.after.model.version,
        previous: second.before.model.version,
        kind: 'gate',
        reason: second.verdict.sentence,
      },
    ],
  );
  assert.deepEqual([second.after.promotedOn, second.after.evidence], [second.day, {}]);
  assert.deepEqual(second.kinds.slice(-3), ['gate:judged', 'champion:promoted', 'run:finished']);
  assert.match(told.findLast(({ kind }) => kind === 'retrain:decided')?.sentence ?? '', /no reason given\.$/);
  // The new champion has forecast the days after the one on which it was promoted.
  const issued = await listPendingForecasts(db, parseSymbol('X'), second.after.model.version);
  assert.deepEqual(
    issued.map(({ asOf, forecast }) => [asOf, forecast.horizon]),
    [1, 2, 3, 4, 5].map((horizon) => [second.day, horizon]),
  );
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
  const waiting = await findRun(context.db, id);
  assert.deepEqual([waiting?.state, waiting?.attempts], ['queued', 0], 'an interruption by us is no attempt');
  assert.equal(await findChampion(context.db, parseSymbol('X')), undefined);

  const next = { ...context, signal: new AbortController().signal };
  const end = await executeRun(id, next);
  assert.equal(end?.outcome, 'promoted');
  const kinds = (await listEvents(context.db, { symbol: parseSymbol('X'), limit: 50 })).map(({ kind }) => kind);
  for (const once of ['prices:pulled', 'retrain:decided', 'training:finished', 'champion:promoted', 'run:finished']) {
    assert.equal(kinds.filter((kind) => kind === once).length, 1, once);
  }
  assert.equal((await findRun(context.db, id))?.attempts, 1);
  // Ended: taking it up once more does nothing.
  assert.equal(await executeRun(id, next), undefined);
});

test('of many claims of one slot one gets the run, and a newer slot covers those still waiting', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(10, 4) }));
  const { db } = context;
  const due = { slot: '2026-03-02T22:15Z', trigger: 'schedule' } as const;
  const claims = await Promise.all(Array.from({ length: 12 }, () => queueSlot(db, parseSymbol('X'), due, context.log)));
  const won = claims.filter((id) => id !== undefined);
  assert.equal(won.length, 1);
  const next = await queueSlot(db, parseSymbol('X'), { slot: '2026-03-03T22:15Z', trigger: 'schedule' }, context.log);
  assert.deepEqual(
    (await listRuns(db, { limit: 5 })).map(({ id, state, reason }) => [id, state, reason]),
    [
      [next, 'queued', null],
      [won[0], 'skipped', 'superseded'],
    ],
  );
  assert.deepEqual(
    told.map(({ kind, runId, sentence }) => [kind, runId, sentence]),
    [['run:skipped', won[0], `Run ${won[0]!} still waited when its next slot came; run ${next!} covers it.`]],
  );
  assert.deepEqual(await findDueRun(db), { id: next, symbol: 'X' }, 'the newest is the one that waits');
});

test('too little history ends the run as failed, in one sentence, with the prices kept', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(200, 5) }));
  const id = await claim(context);
  await assert.rejects(executeRun(id, context), { code: 'TOO_FEW_VALUES' });
  const run = await findRun(context.db, id);
  assert.deepEqual([run?.state, run?.reason], ['failed', 'TOO_FEW_VALUES']);
  assert.match(run?.sentence ?? '', /Training needs \d+ days.*has 200/);
  assert.deepEqual(await listPromotions(context.db, parseSymbol('X')), []);
});

test('settings tried in one run are kept for the series only when a model of them is promoted', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 9) }));
  const { db } = context;
  const model = { units: [3], dropout: 0 };
  await executeRun(await claim(context), context);

  // The gate asks for proof; noise gives none, so a superior model is not found here.
  const refused = await executeRun(await claim(context, { force: true, reason: 'search', model }), context);
  assert.equal(refused?.outcome, 'revalidated');
  assert.deepEqual((await findSeries(db, parseSymbol('X')))?.model, {});
  const [tried] = await listModels(db, parseSymbol('X'));
  assert.deepEqual([tried?.arm, tried?.spec.units], ['from-scratch', [3]], 'another shape cannot be fine-tuned');

  const lenient = { ...context.settings, gate: { ...context.settings.gate, level: 1.9 } };
  const promoted = await executeRun(await claim(context, { force: true, reason: 'search', model }), {
    ...context,
    settings: lenient,
  });
  assert.equal(promoted?.outcome, 'promoted', promoted?.sentence);
  assert.deepEqual((await findSeries(db, parseSymbol('X')))?.model, model);
});

/** A series with its prices and a champion stored, so that a run has no training to do. */
async function serve(context: RunContext, given: Partial<NewPromotion> = {}): Promise<Series> {
  const { db } = context;
  const series = simulateSeries({ length: DAYS, seed: 31 });
  await saveBars(
    db,
    parseSymbol('X'),
    series.days.map((day, i) => bar(day, series.closes[i]!)),
  );
  const version = await storeWorkingModel(db, parseSymbol('X'), { series });
  const today = series.days.at(-1)!;
  await serveModel(db, parseSymbol('X'), version, { validatedTo: today, promotedOn: today, ...given });
  return series;
}

const kindsOf = (told: readonly RecordedEvent[]): string[] => told.map(({ kind }) => kind);

test('without any price a run is skipped, and says so in its row and its last line', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, {}));
  const id = await claim(context);
  const end = await executeRun(id, context);
  assert.deepEqual(end, { outcome: 'skipped', reason: 'no-prices', sentence: 'There are no prices of X yet.' });
  const run = await findRun(context.db, id);
  assert.deepEqual(
    [run?.state, run?.outcome, run?.reason, run?.sentence],
    ['skipped', 'skipped', 'no-prices', end.sentence],
  );
  assert.deepEqual(kindsOf(told), ['feed:unavailable', 'run:skipped']);
});

test('a feed that is away does not keep a run from judging what is there', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, {}));
  const series = await serve(context);
  const today = addDays(series.days.at(-1)!, 2);
  const end = await executeRun(await claim(context), { ...context, source: { ...context.source, today: () => today } });
  assert.deepEqual([end?.outcome, end?.reason], ['undetermined', 'drift-unknown']);
  assert.deepEqual(kindsOf(told), [
    'feed:unavailable',
    'feed:silent',
    'drift:checked',
    'retrain:decided',
    'run:finished',
  ]);
  const silent = told.find(({ kind }) => kind === 'feed:silent');
  assert.deepEqual(silent?.payload, { lastDay: series.days.at(-1), missed: 1, today, by: 'schedule' });
});

test('an imported series is not asked of a feed that does not know it, nor is that feed called silent', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 32) }));
  const series = await serve(context, { reference: { to: parseDay('2001-06-01'), fitted: null } });
  const later = addDays(series.days.at(-1)!, 30);
  const source = { ...context.source, name: 'sample', today: () => later } as const;
  const end = await executeRun(await claim(context), { ...context, source });
  assert.deepEqual([end?.outcome, end?.reason], ['kept', 'fresh']);
  assert.equal(end?.sentence, told.find(({ kind }) => kind === 'retrain:decided')?.sentence);
  assert.deepEqual(kindsOf(told), ['drift:checked', 'retrain:decided', 'run:finished']);
  assert.equal(await findLastDay(context.db, parseSymbol('X')), series.days.at(-1));
});

test('a series that is not a price is trained on its differences from the first run on, with what is chosen for it', async (t) => {
  // Prices moved down until they are none.
  const [header, ...rows] = simulatedCsv(DAYS, 33).trimEnd().split('\n');
  const values = rows.map((row) => row.split(',')).map(([day, value]) => `${day!},${Number(value) - 100}`);
  const { context } = await setUpRun(t, csvFolder(t, { X: [header, ...values].join('\n') }));
  const { db } = context;
  const tracked: MlflowRun[] = [];
  const tracker = {
    record: (_client: unknown, run: MlflowRun): Promise<void> => {
      tracked.push(run);
      return Promise.resolve();
    },
  };
  await saveModelParameters(db, parseSymbol('X'), { units: [2], maxEpochs: 1 });
  await executeRun(await claim(context), { ...context, tracker });
  const { version, spec } = (await findChampion(db, parseSymbol('X')))!.model;
  assert.deepEqual(spec, { ...SMALL_SPEC, transform: 'difference', units: [2], maxEpochs: 1 });
  assert.deepEqual(
    tracked.map(({ name, tags }) => [name, tags['promoted']]),
    [[`X model ${version}`, 'true']],
  );
  // What is tried in a run goes before what is chosen; the rest stays as chosen.
  await executeRun(await claim(context, { force: true, model: { units: [3] } }), context);
  const [tried] = await listModels(db, parseSymbol('X'));
  assert.deepEqual(tried?.spec, { ...spec, units: [3] });
});

test('two runs of a symbol are carried out one after the other, and runs that ended or never were are none', async (t) => {
  const { context, told } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 34) }));
  await serve(context, { reference: { to: parseDay('2001-06-01'), fitted: null } });
  const source = { ...context.source, name: 'sample' } as const;
  const ids = [await claim(context), await claim(context)];
  const ends = await Promise.all(ids.map((id) => executeRun(id, { ...context, source })));
  assert.deepEqual(
    ends.map((end) => end?.outcome),
    ['kept', 'kept'],
  );
  const order = told.map(({ runId }) => runId);
  const turns = order.filter((id, k) => id !== order[k - 1]);
  assert.deepEqual(turns.sort(), [...ids].sort(), 'no event of the one lies between events of the other');
  assert.equal(told.length, 6);
  assert.equal(await executeRun(ids[0]!, context), undefined);
  assert.equal(await executeRun(parseRunId('4711'), context), undefined);
  assert.equal(told.length, 6);
});

test('a run whose lease is lost stops, as another process may have begun', async (t) => {
  const { context, database } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(DAYS, 35) }));
  const endless = { ...SMALL_SPEC, maxEpochs: 1e9, patience: 1e9 };
  const owner = database.connectAs('owner');
  let asked = false;
  const log = {
    ...context.log,
    // The first line of progress: the training is under way.
    note: () => {
      if (asked) return;
      asked = true;
      void owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shepherd X'
        AND datname = current_database()`);
    },
  };
  const id = await claim(context);
  await assert.rejects(executeRun(id, { ...context, log, settings: { ...context.settings, spec: endless } }), {
    code: 'CANCELLED',
  });
  const left = await findRun(context.db, id);
  assert.deepEqual([left?.state, left?.attempts], ['queued', 0], 'to be taken up again');
  // The lease is free: the next attempt gets through.
  assert.equal((await executeRun(id, context))?.outcome, 'promoted');
});

/** Weekdays from 2015-01-05 on of a level that never falls in the days from `from` on. */
function risingCsv(days: number, from: number): string {
  const [header, ...rows] = simulatedCsv(days, 11).trimEnd().split('\n');
  let level = 100;
  let before = 100;
  const levels = rows.map((row, i) => {
    const [day = '', close = ''] = row.split(',');
    const change = Math.log(Number(close) / before);
    before = Number(close);
    level *= Math.exp(i < from ? change : 1e-5 + 0.05 * Math.abs(change));
    return `${day},${level}`;
  });
  return `${[header, ...levels].join('\n')}\n`;
}

for (const [name, from, reason] of [
  // What the window does not tell the days do, one by one: a world that has become calm.
  ['60 rising days', DAYS, 'drifted'],
  // And what no day tells the losses do: a fund's own calm world, and a champion that is wider.
  ['a fund that only grows', 0, 'decayed'],
] as const) {
  test(`${name}: the window is checked without a verdict, and the run goes on to its decision`, async (t) => {
    const lines = risingCsv(DAYS + 60, from)
      .trimEnd()
      .split('\n');
    const folder = csvFolder(t, { X: `${lines.slice(0, DAYS + 1).join('\n')}\n` });
    const { context, told } = await setUpRun(t, folder);
    assert.equal((await executeRun(await claim(context), context))?.outcome, 'promoted');
    writeFileSync(join(folder, 'X.csv'), `${lines.join('\n')}\n`);
    const end = await executeRun(await claim(context), context);
    const checked = told.findLast(({ kind }) => kind === 'drift:checked');
    assert.match(checked?.sentence ?? '', /values are all of one sign or wander, as price levels do/);
    assert.equal(end?.reason, reason);
    const [verdict, decision] = await listDecisions(context.db, parseSymbol('X'), { limit: 2 });
    assert.deepEqual([verdict?.stage, decision?.verdict], ['gate', 'retrain']);
  });
}
