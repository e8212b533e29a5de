import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { ModelVersion } from '../../../core/model/version.ts';
import type { RunId } from '../../../core/runId.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import { findChampion } from '../../../db/tables/champions.ts';
import { listModels } from '../../../db/tables/models.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { findRun, listRuns } from '../../../db/tables/runs.ts';
import { listRunTotals } from '../../../db/tables/views.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { claimManualRun } from '../../../shepherd/queue/queue.ts';
import type { RunContext } from '../../../shepherd/run/context.ts';
import { forcePromotion, rollBack } from '../../../shepherd/run/force.ts';
import { pin, unpin } from '../../../shepherd/run/pin.ts';
import { executeRun } from '../../../shepherd/run/run.ts';
import { bar } from '../../helpers/records.ts';
import { csvFolder, setUpRun } from '../../helpers/shepherdRun.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

const X = parseSymbol('X');
const series = simulateSeries({ length: 720, seed: 31 });

/** A champion that followed another, and a gate that asks for next to nothing: a forced run promotes an arm of its own. */
async function setUp(t: TestContext) {
  const { context, told } = await setUpRun(t, csvFolder(t, {}));
  const { db } = context;
  await saveBars(
    db,
    X,
    series.days.map((day, i) => bar(day, series.closes[i]!)),
  );
  const [first, second] = [
    await storeWorkingModel(db, X, { series }),
    await storeWorkingModel(db, X, { series, spreadFactor: 3 }),
  ];
  const today = series.days.at(-1)!;
  await serveModel(db, X, first, { validatedTo: today, promotedOn: today });
  await serveModel(db, X, second, { expected: first, kind: 'gate', validatedTo: today, promotedOn: today });
  const lenient = { ...context.settings, gate: { ...context.settings.gate, level: 1.99 } };
  const source = { ...context.source, name: 'sample', today: () => today } as const;
  return { context: { ...context, source, settings: lenient }, told, first, second };
}

/** The same context, in which `act` is done at the first event of a kind, before anything after it. */
function actingAt(context: RunContext, kind: RecordedEvent['kind'], act: () => Promise<unknown>): RunContext {
  let acting: Promise<unknown> | undefined;
  const event = (told: RecordedEvent): void => {
    context.log.event(told);
    if (told.kind === kind) acting ??= act();
  };
  const db = { ...context.db };
  db.transaction = async (work) => {
    await acting;
    return context.db.transaction(work);
  };
  return { ...context, db, log: { ...context.log, event } };
}

let clock = 0;
const claim = async ({ db }: RunContext): Promise<RunId> =>
  await claimManualRun(db, X, (clock += 1), { force: true, reason: 'a test' });

const acts = {
  'rolls back': ({ db, log }: RunContext) => rollBack(db, { symbol: X, reason: 'bands too narrow' }, log),
  'rolls back and forth': async ({ db, log }: RunContext, second: ModelVersion) => {
    await rollBack(db, { symbol: X, reason: 'bands too narrow' }, log);
    await forcePromotion(db, { symbol: X, version: second, reason: 'they were not' }, log);
  },
} as const;

for (const [what, act] of Object.entries(acts)) {
  for (const kind of ['training:finished', 'gate:judged'] as const) {
    test(`when a person ${what} after ${kind} the run is overtaken, also when it is taken up again`, async (t) => {
      const { context, told, first, second } = await setUp(t);
      const { db } = context;
      const id = await claim(context);
      const end = await executeRun(
        id,
        actingAt(context, kind, () => act(context, second)),
      );
      const live = what === 'rolls back' ? first : second;
      assert.equal(end?.outcome, 'overtaken', end?.sentence);
      assert.match(end.sentence, new RegExp(`against model ${second}.*model ${live} is in service by now`));
      assert.equal((await findChampion(db, X))?.model.version, live, 'the act of the person stands');
      const run = await findRun(db, id);
      assert.deepEqual([run?.state, run?.outcome, run?.sentence], ['done', 'overtaken', end.sentence]);
      const last = told.at(-1);
      assert.deepEqual([last?.kind, last?.runId, last?.payload], ['run:overtaken', id, { ...end, by: 'schedule' }]);
      assert.ok((await listRunTotals(db)).some(({ outcome, runs }) => outcome === 'overtaken' && runs === 1));
      assert.equal((await listPromotions(db, X)).filter(({ runId }) => runId === id).length, 0);
    });
  }
}

test('a run that is interrupted after its gate is overtaken when it is taken up under another champion', async (t) => {
  const { context, first } = await setUp(t);
  const { db, log } = context;
  const id = await claim(context);
  const stop = new AbortController();
  const dying: RunContext = {
    ...context,
    signal: stop.signal,
    log: {
      ...log,
      event(event) {
        log.event(event);
        if (event.kind !== 'gate:judged') return;
        stop.abort();
        throw new Error('the process ends here');
      },
    },
  };
  await assert.rejects(executeRun(id, dying));
  await rollBack(db, { symbol: X, reason: 'meanwhile' }, log);
  const models = (await listModels(db, X)).length;
  const end = await executeRun(id, context);
  assert.equal(end?.outcome, 'overtaken');
  assert.equal((await findChampion(db, X))?.model.version, first);
  assert.equal((await listModels(db, X)).length, models, 'nothing is trained for it any more');
  assert.equal((await listRuns(db, { limit: 9 })).length, 1);
});

test('a pinned champion is replaced by no run and no person until it is released', async (t) => {
  const { context, told, first, second } = await setUp(t);
  const { db, log } = context;
  assert.deepEqual(await pin(db, { symbol: X, reason: 'under audit' }, log), { symbol: X, version: second });
  const [event] = told.splice(0);
  assert.deepEqual([event?.kind, event?.payload], ['champion:pinned', { version: second, words: 'under audit' }]);
  await assert.rejects(pin(db, { symbol: X, reason: 'again' }, log), { code: 'CONFLICT', message: /under audit/ });
  await assert.rejects(pin(db, { symbol: parseSymbol('Y'), reason: 'none' }, log), { code: 'NO_CHAMPION' });

  // Set before the run, or while it judges.
  const id = await claim(context);
  const kept = await executeRun(id, context);
  assert.deepEqual([kept?.outcome, kept?.reason], ['kept', 'pinned']);
  assert.match(kept?.sentence ?? '', /it is pinned \(under audit\)/);
  assert.equal((await findRun(db, id))?.outcome, 'kept');
  const says = /pinned since .* \(under audit\); release it first: shepherd unpin --symbol X/;
  await assert.rejects(rollBack(db, { symbol: X, reason: 'now' }, log), { code: 'CONFLICT', message: says });
  await assert.rejects(forcePromotion(db, { version: first, reason: 'now' }, log), { code: 'CONFLICT', message: says });
  assert.equal((await findChampion(db, X))?.model.version, second);

  assert.deepEqual(await unpin(db, { symbol: X, reason: 'done' }, log), { symbol: X, version: second });
  await assert.rejects(unpin(db, { symbol: X, reason: 'twice' }, log), { code: 'CONFLICT', message: /not pinned/ });
  const meanwhile = await executeRun(
    await claim(context),
    actingAt(context, 'gate:judged', () => pin(db, { symbol: X, reason: 'just in time' }, log)),
  );
  assert.deepEqual([meanwhile?.outcome, meanwhile?.reason], ['kept', 'pinned'], meanwhile?.sentence);
  await unpin(db, { symbol: X, reason: 'done again' }, log);
  assert.equal((await executeRun(await claim(context), context))?.outcome, 'promoted');
});
