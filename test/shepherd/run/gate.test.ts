import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from 'simple-statistics';
import type { ArmName, Evidence } from '../../../core/decide/evidence.ts';
import { DEFAULT_GATE_SETTINGS } from '../../../core/decide/settings.ts';
import { atHorizon, scoreRange } from '../../../core/cycle/heldOut.ts';
import { forecastLosses, naiveLosses } from '../../../core/cycle/losses.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import type { ModelVersion } from '../../../core/model/version.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { Client } from '../../../db/connection/client.ts';
import { listDecisions } from '../../../db/tables/decisions.ts';
import { getModel } from '../../../db/tables/models.ts';
import { claimSlot } from '../../../db/tables/runs.ts';
import { passGate, type GateRequest } from '../../../shepherd/run/gate.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';
import { ZERO_NETWORK } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 720, seed: 21 });
const HELD_OUT = 60;

/** A series with a model of the given spread factor in service and two arms of others before the gate. */
async function setUpGate(
  client: Client,
  factors: { champion: number } & Readonly<Record<ArmName, number>>,
  given: { evidence?: Evidence } & Partial<GateRequest> = {},
): Promise<GateRequest> {
  await storeSeries(client, parseSymbol('X'));
  const runId = await claimSlot(client, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' });
  assert.ok(runId !== undefined);
  const store = (spreadFactor: number, arm: ArmName = 'from-scratch'): Promise<ModelVersion> =>
    storeWorkingModel(client, parseSymbol('X'), { series, spreadFactor, arm });
  const { evidence = {}, ...request } = given;
  const champion = await serveModel(client, parseSymbol('X'), await store(factors.champion), { evidence });
  const arms = [];
  for (const name of ['fine-tuned', 'from-scratch'] as const)
    arms.push({ name, version: await store(factors[name], name) });
  return {
    runId,
    symbol: parseSymbol('X'),
    series,
    champion,
    arms,
    trial: undefined,
    settings: DEFAULT_GATE_SETTINGS,
    ...request,
  };
}

/** What a stored model did on the held-out days, reckoned afresh. */
async function account(client: Client, version: ModelVersion) {
  const { calibration, trainedTo } = await getModel(client, version);
  const model = { predictor: createPredictor(ZERO_NETWORK), calibration, knownTo: trainedTo };
  const { scores, band } = scoreRange(model, series, series.days.length - HELD_OUT, series.days.length);
  return { days: atHorizon(scores, 1), band };
}

for (const [name, factors] of [
  ['fine-tuned', { champion: 3, 'fine-tuned': 1, 'from-scratch': 2 }],
  ['from-scratch', { champion: 3, 'fine-tuned': 2, 'from-scratch': 1 }],
] as const) {
  test(`the arm that wins (${name}) is the one put forward, with its bands after the held-out days`, async (t) => {
    const { db } = await withDatabase(t);
    const request = await setUpGate(db, factors);
    const { result } = await passGate(db, request);
    const winner = request.arms.find((arm) => arm.name === name)!;
    const { days, band } = await account(db, winner.version);
    assert.equal(result.verdict.kind, 'promote', result.verdict.sentence);
    assert.deepEqual(result.promoted, { version: winner.version, arm: name, band });
    // The bands have lived through the held-out days: they remember an outcome of each, also five days ahead.
    const { calibration } = await getModel(db, winner.version);
    const [before, after] = [calibration.band, result.promoted.band].map(
      (state) => state.horizons.at(-1)!.scores!.length,
    );
    assert.equal(after, before! + HELD_OUT);

    // Each forecaster is judged by its own losses on the same days.
    const { numbers } = result.verdict;
    assert.equal(numbers.days, HELD_OUT);
    assert.equal(numbers.naive.crps, mean(naiveLosses(days).crps));
    const live = await account(db, request.champion!.record.model.version);
    assert.equal(numbers.champion?.crps, mean(forecastLosses(live.days).crps));
    for (const arm of request.arms) {
      const own = await account(db, arm.version);
      assert.equal(numbers.arms.find((each) => each.name === arm.name)?.crps, mean(forecastLosses(own.days).crps));
    }
  });
}

test('a gate that promotes nothing puts nothing forward; either verdict is a row and an event', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUpGate(db, { champion: 1, 'fine-tuned': 2, 'from-scratch': 3 });
  const { result, write, events } = await passGate(db, request);
  const { verdict } = result;
  assert.deepEqual([verdict.kind, result.promoted], ['keep', null]);
  assert.deepEqual(
    await listDecisions(db, parseSymbol('X'), { limit: 5 }),
    [],
    'nothing is written before the step is',
  );
  await write?.(db);
  const day = series.days.at(-1)!;
  const [row, ...others] = await listDecisions(db, parseSymbol('X'), { limit: 5 });
  assert.deepEqual(others, []);
  const { id, at, ...judged } = row!;
  assert.ok(id !== '' && at !== '');
  assert.deepEqual(judged, {
    runId: request.runId,
    symbol: 'X',
    day,
    stage: 'gate',
    verdict: 'keep',
    reason: verdict.reason,
    sentence: verdict.sentence,
    report: { ...verdict.numbers, settings: DEFAULT_GATE_SETTINGS },
  });
  assert.deepEqual(events, [
    {
      kind: 'gate:judged',
      payload: {
        day,
        verdict: 'keep',
        reason: verdict.reason,
        numbers: verdict.numbers,
        settings: DEFAULT_GATE_SETTINGS,
      },
      sentence: verdict.sentence,
    },
  ]);
});

test('the first model meets no champion, only naive', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUpGate(db, { champion: 1, 'fine-tuned': 2, 'from-scratch': 1.5 });
  const { result } = await passGate(db, { ...request, champion: undefined, arms: request.arms.slice(1) });
  assert.deepEqual([result.verdict.reason, result.verdict.numbers.champion], ['no-champion', null]);
  assert.equal(result.promoted?.version, request.arms[1]?.version);
});

test('what earlier gates saw counts, unless this run tries another spec', async (t) => {
  const { db } = await withDatabase(t);
  const before = series.days.slice(100, 140);
  const differences = before.map(() => 0.1);
  const carried = { days: before, crps: differences, squaredError: differences };
  const request = await setUpGate(
    db,
    { champion: 1, 'fine-tuned': 1.1, 'from-scratch': 1.2 },
    { evidence: { 'fine-tuned': carried } },
  );
  const daysOf = async (trial: object | undefined): Promise<(number | undefined)[]> => {
    const { result } = await passGate(db, { ...request, trial });
    return ['fine-tuned', 'from-scratch'].map(
      (name) => result.verdict.numbers.arms.find((arm) => arm.name === name)?.pooledDays,
    );
  };
  assert.deepEqual(await daysOf(undefined), [HELD_OUT + before.length, HELD_OUT]);
  assert.deepEqual(await daysOf({ units: [3] }), [HELD_OUT, HELD_OUT]);
});
