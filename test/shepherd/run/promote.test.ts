import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetrainDecision } from '../../../core/decide/decision.ts';
import type { Evidence } from '../../../core/decide/evidence.ts';
import type { PromotionVerdict } from '../../../core/decide/gate.ts';
import { startBand } from '../../../core/forecast/band.ts';
import type { ModelVersion } from '../../../core/model/version.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findChampion, promote } from '../../../db/tables/champions.ts';
import type { Client } from '../../../db/connection/client.ts';
import { getModel } from '../../../db/tables/models.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { claimSlot } from '../../../db/tables/runs.ts';
import { findSeries } from '../../../db/tables/series.ts';
import { carryOut, checkGolden, type PromoteRequest } from '../../../shepherd/run/promote.ts';
import { withDatabase } from '../../../lab/database.ts';
import { MADE_UP_QUALITY } from '../../../lab/scores.ts';
import { newPromotion, storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

const series = simulateSeries({ length: 720, seed: 22 });
const TODAY = series.days.at(-1)!;
/** When the present champion was promoted: every clock of its shows an earlier day than today. */
const EARLIER = series.days[600]!;
const WINDOW = 60;
const EARLIER_EVIDENCE: Evidence = { 'fine-tuned': { days: [EARLIER], crps: [0.25], squaredError: [0.5] } };
const NEW_EVIDENCE: Evidence = { 'from-scratch': { days: [TODAY], crps: [-0.25], squaredError: [-0.5] } };
/** The bands of the winner after the held-out days, unlike those of any stored model. */
const LIVED = startBand(Array.from({ length: 5 }, (_, h) => [1 + h, 2 + h, 3 + h]));

const numbers: PromotionVerdict['numbers'] = {
  days: 60,
  champion: null,
  naive: { crps: 0.6, mse: 1 },
  arms: [],
  levelPerArm: 0.025,
};
const KEEP: PromotionVerdict = {
  kind: 'keep',
  reason: 'not-better',
  sentence: 'Keeping the champion.',
  numbers,
  evidence: NEW_EVIDENCE,
};
const PROMOTE: PromotionVerdict = {
  kind: 'promote',
  arm: 'fine-tuned',
  reason: 'better',
  sentence: 'Promoting the fine-tuned model.',
  numbers,
  evidence: {},
};
const decided = (reason: 'stale' | 'drifted' | 'decayed' | 'manual'): RetrainDecision => ({
  kind: 'retrain',
  reason,
  sentence: 'Retraining.',
  numbers: {
    daysSinceValidation: 60,
    daysSinceRetrain: null,
    daysSinceAlarm: null,
    recentRetrains: 0,
    calibratedP: 0.5,
    lossRatio: 1,
  },
});

interface SetUp {
  readonly champion: ModelVersion;
  readonly challenger: ModelVersion;
  readonly request: PromoteRequest;
}

/** A champion in service and a challenger that the gate has put forward. */
async function setUp(client: Client): Promise<SetUp> {
  await storeSeries(client, parseSymbol('X'));
  const runId = await claimSlot(client, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' });
  assert.ok(runId !== undefined);
  const version = await storeWorkingModel(client, parseSymbol('X'), { series });
  const champion = await serveModel(client, parseSymbol('X'), version, {
    validatedTo: EARLIER,
    promotedOn: EARLIER,
    evidence: EARLIER_EVIDENCE,
    reference: { to: EARLIER, fitted: null },
  });
  const challenger = await storeWorkingModel(client, parseSymbol('X'), { series, arm: 'fine-tuned', spreadFactor: 2 });
  const request: PromoteRequest = {
    runId,
    symbol: parseSymbol('X'),
    series,
    champion,
    decision: decided('stale'),
    gate: { verdict: PROMOTE, promoted: { version: challenger, arm: 'fine-tuned', band: LIVED } },
    trial: undefined,
    windowDays: WINDOW,
  };
  return { champion: version, challenger, request };
}

const kept = (request: PromoteRequest): PromoteRequest => ({ ...request, gate: { verdict: KEEP, promoted: null } });

test('a promotion puts the challenger into service as judged today, with the bands of its held-out days', async (t) => {
  const { db } = await withDatabase(t);
  const { champion, challenger, request } = await setUp(db);
  const { result, write, events } = await carryOut(db, request);
  assert.deepEqual(result, { kind: 'promoted', version: challenger });
  assert.equal(
    (await findChampion(db, parseSymbol('X')))?.model.version,
    champion,
    'nothing moves before the step is written',
  );
  await write?.(db);

  const now = await findChampion(db, parseSymbol('X'));
  assert.ok(now !== undefined);
  assert.equal(now.model.version, challenger);
  assert.deepEqual([now.validatedTo, now.promotedOn], [TODAY, TODAY]);
  assert.deepEqual(now.band, LIVED);
  assert.deepEqual(now.evidence, {}, 'evidence against the one before says nothing of the new one');
  assert.deepEqual(now.reference, { to: series.days.at(-1 - WINDOW), fitted: null });
  const [promotion] = await listPromotions(db, parseSymbol('X'));
  const { id, at, ...recorded } = promotion!;
  assert.ok(id !== '' && at !== '');
  assert.deepEqual(recorded, {
    symbol: 'X',
    version: challenger,
    previous: champion,
    kind: 'gate',
    reason: PROMOTE.sentence,
    runId: request.runId,
    by: null, // the test's own client acts in nobody's name
  });
  assert.deepEqual(
    (await findSeries(db, parseSymbol('X')))?.model,
    {},
    'nothing was tried, so nothing is chosen for the series',
  );

  const { holdout } = await getModel(db, challenger);
  assert.deepEqual(events, [
    {
      kind: 'champion:promoted',
      payload: {
        day: TODAY,
        version: challenger,
        previous: champion,
        arm: 'fine-tuned',
        reason: 'better',
        asked: 'stale',
        holdout,
      },
      sentence:
        `Model ${challenger} is the new champion of X, after model ${champion}; on 1 unseen day MSE 1.250 (naive 1.000), ` +
        'MAE 1.000, MAPE 0.99 %, band held 100.00 %.',
    },
  ]);
});

test('the first champion follows no one', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const holdout = { ...MADE_UP_QUALITY, days: 60, mse: 4, naiveMse: 5, mae: 2, mape: 0.0125, coverage: 0.9 };
  const version = await storeWorkingModel(db, parseSymbol('X'), { series, holdout });
  const { write, events } = await carryOut(db, {
    runId: (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' }))!,
    symbol: parseSymbol('X'),
    series,
    champion: undefined,
    decision: { ...decided('stale'), kind: 'train', reason: 'no-champion' },
    gate: { verdict: { ...PROMOTE, reason: 'no-champion' }, promoted: { version, arm: 'from-scratch', band: LIVED } },
    trial: undefined,
    windowDays: WINDOW,
  });
  await write?.(db);
  const [promotion] = await listPromotions(db, parseSymbol('X'));
  assert.deepEqual([promotion?.kind, promotion?.previous], ['first', null]);
  assert.equal((await findChampion(db, parseSymbol('X')))?.reference.to, series.days.at(-1 - WINDOW));
  assert.equal(
    events?.[0]?.sentence,
    `Model ${version} is the new champion of X; on 60 unseen days MSE 4.000 (naive 5.000), MAE 2.000, MAPE 1.25 %, band held 90.00 %.`,
  );
});

test('a champion that proved itself again keeps what it has, with its clock at today and the new evidence', async (t) => {
  const { db } = await withDatabase(t);
  const { champion, request } = await setUp(db);
  const { result, write, events } = await carryOut(db, kept(request));
  assert.deepEqual(result, { kind: 'revalidated', version: champion });
  await write?.(db);
  const now = await findChampion(db, parseSymbol('X'));
  assert.ok(now !== undefined);
  assert.deepEqual([now.model.version, now.validatedTo, now.promotedOn], [champion, TODAY, EARLIER]);
  assert.deepEqual(now.evidence, NEW_EVIDENCE);
  assert.deepEqual(now.band, request.champion?.band);
  assert.deepEqual(now.reference, { to: series.days.at(-1 - WINDOW), fitted: null });
  assert.equal((await listPromotions(db, parseSymbol('X'))).length, 1, 'no one was promoted');
  assert.deepEqual(events, [
    {
      kind: 'champion:revalidated',
      payload: { day: TODAY, version: champion, reason: 'not-better' },
      sentence: `Model ${champion} stays in service, validated to ${TODAY}.`,
    },
  ]);
});

test('after an alarm of drift the reference takes in the days that caused it, whoever stays; else it follows a window behind', async (t) => {
  const { db } = await withDatabase(t);
  const { request } = await setUp(db);
  const referenceAfter = async (asked: PromoteRequest): Promise<string | undefined> => {
    const undo = new Error('undo');
    let found: string | undefined;
    const { write } = await carryOut(db, asked);
    await assert.rejects(
      db.transaction(async (client) => {
        await write?.(client);
        found = (await findChampion(client, parseSymbol('X')))?.reference.to;
        throw undo;
      }),
      undo,
    );
    return found;
  };
  for (const outcome of [request, kept(request)]) {
    assert.equal(await referenceAfter({ ...outcome, decision: decided('drifted') }), TODAY);
    for (const reason of ['stale', 'decayed', 'manual'] as const)
      assert.equal(
        await referenceAfter({ ...outcome, decision: decided(reason) }),
        series.days.at(-1 - WINDOW),
        reason,
      );
  }
  // Too short a series for a window and a day before it: from its first day on.
  const short = sliceSeries(series, 0, WINDOW);
  assert.equal(await referenceAfter({ ...request, series: short }), series.days[0]);
  assert.equal(await referenceAfter({ ...request, series: sliceSeries(series, 0, WINDOW + 2) }), series.days[1]);
});

test('a spec tried in one run stays with the series if its model is promoted; if not, the trial leaves no trace', async (t) => {
  const { db } = await withDatabase(t);
  const { request } = await setUp(db);
  const trial = { units: [4], dropout: 0 };
  await (await carryOut(db, { ...kept(request), trial })).write?.(db);
  assert.deepEqual((await findSeries(db, parseSymbol('X')))?.model, {});
  assert.deepEqual((await findChampion(db, parseSymbol('X')))?.evidence, EARLIER_EVIDENCE);
  await (await carryOut(db, { ...request, trial })).write?.(db);
  assert.deepEqual((await findSeries(db, parseSymbol('X')))?.model, trial);
});

test('a champion changed meanwhile is left alone, whatever the gate said', async (t) => {
  const { db } = await withDatabase(t);
  const { champion, request } = await setUp(db);
  const other = await storeWorkingModel(db, parseSymbol('X'), { series });
  const outcomes = [await carryOut(db, { ...request, trial: { dropout: 0 } }), await carryOut(db, kept(request))];
  await promote(db, newPromotion(parseSymbol('X'), other, { expected: champion, kind: 'forced' }));
  const [before, promotions] = [await findChampion(db, parseSymbol('X')), await listPromotions(db, parseSymbol('X'))];
  for (const { write } of outcomes)
    await assert.rejects(
      db.transaction((client) => write!(client)),
      { code: 'CONFLICT', message: /^The champion of X was changed by someone else while / },
    );
  assert.deepEqual(await findChampion(db, parseSymbol('X')), before);
  assert.deepEqual(await listPromotions(db, parseSymbol('X')), promotions);
  assert.deepEqual((await findSeries(db, parseSymbol('X')))?.model, {});
});

test('a gate cannot keep a champion that does not exist', async (t) => {
  const { db } = await withDatabase(t);
  const { request } = await setUp(db);
  await assert.rejects(carryOut(db, { ...kept(request), champion: undefined }), {
    code: 'NO_CHAMPION',
    message: 'The gate kept a champion of X that does not exist.',
  });
});

test('a model that does not answer what it answered when it was stored is not put into service', async (t) => {
  const { db } = await withDatabase(t);
  const { request } = await setUp(db);
  const model = await getModel(db, request.gate.promoted!.version);
  checkGolden(model);
  const { closes, prediction } = model.golden;
  const wrong = { golden: { closes, prediction: prediction + 1 } };
  assert.throws(
    () => {
      checkGolden({ ...model, ...wrong });
    },
    {
      code: 'INVALID_ARTIFACT',
      message: `Model ${model.version} answers ${prediction} where ${prediction + 1} was stored.`,
    },
  );
  const altered = model.weights.slice();
  altered[0]! ^= 1;
  assert.throws(
    () => {
      checkGolden({ ...model, weights: altered });
    },
    { code: 'INVALID_ARTIFACT' },
  );

  const version = await storeWorkingModel(db, parseSymbol('X'), { series, ...wrong });
  const gate = { verdict: PROMOTE, promoted: { version, arm: 'fine-tuned', band: LIVED } } as const;
  await assert.rejects(carryOut(db, { ...request, gate }), { code: 'INVALID_ARTIFACT' });
});
