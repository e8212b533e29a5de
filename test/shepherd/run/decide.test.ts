import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undetermined } from '../../../core/drift/distribution/obstacle.ts';
import type { DriftEvidence, StableData } from '../../../core/drift/distribution/report.ts';
import type { WatchReport } from '../../../core/drift/sequential/assessWatch.ts';
import type { StableLosses } from '../../../core/drift/loss/assessLossDrift.ts';
import { asChanges } from '../../../core/series/transform.ts';
import type { TradingDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { DEFAULT_SERIES_SETTINGS } from '../../../core/settings/seriesSettings.ts';
import type { Client } from '../../../db/connection/client.ts';
import { appendDecision, listDecisions, type Decision } from '../../../db/tables/decisions.ts';
import { claimSlot } from '../../../db/tables/runs.ts';
import { takeDecision, type DecideRequest } from '../../../shepherd/run/decide.ts';
import type { CheckResult } from '../../../shepherd/run/checkChampion.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

const series = simulateSeries({ length: 720, seed: 23 });
const TODAY = series.days.at(-1)!;
const { staleAfterDays, cooldownDays, budgetDays, budgetRetrains } = DEFAULT_SERIES_SETTINGS.decision;

/** `count` trading days before today. */
const daysAgo = (count: number): TradingDay => series.days.at(-1 - count)!;

async function judged(
  client: Client,
  day: TradingDay,
  stage: Decision['stage'],
  symbol = parseSymbol('X'),
): Promise<void> {
  await appendDecision(client, {
    runId: null,
    symbol,
    day,
    stage,
    verdict: 'keep',
    reason: 'fresh',
    sentence: 'Keeping the champion.',
    report: {},
  });
}

async function setUp(client: Client, validatedDaysAgo: number): Promise<DecideRequest> {
  await storeSeries(client, parseSymbol('X'));
  await storeSeries(client, parseSymbol('Y'));
  const runId = await claimSlot(client, { symbol: parseSymbol('X'), slot: 'a', trigger: 'schedule' });
  assert.ok(runId !== undefined);
  const version = await storeWorkingModel(client, parseSymbol('X'), { series });
  const champion = await serveModel(client, parseSymbol('X'), version, { validatedTo: daysAgo(validatedDaysAgo) });
  return {
    runId,
    symbol: parseSymbol('X'),
    series,
    champion,
    check: null,
    manual: null,
    settings: DEFAULT_SERIES_SETTINGS,
  };
}

const decisionOf = async (client: Client, request: DecideRequest): Promise<[string, string]> => {
  const { result } = await takeDecision(client, request);
  return [result.kind, result.reason];
};

test('only a retrain counts as one: daily decisions to keep, however many, hold none back', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUp(db, staleAfterDays + 1);
  for (let ago = 0; ago < 2 * budgetRetrains; ago += 1) await judged(db, daysAgo(ago), 'retrain');
  for (let ago = 0; ago < budgetRetrains; ago += 1) await judged(db, daysAgo(ago), 'gate', parseSymbol('Y'));
  const { result } = await takeDecision(db, request);
  assert.deepEqual([result.kind, result.reason], ['retrain', 'stale'], result.sentence);
  assert.deepEqual(result.numbers, {
    daysSinceValidation: staleAfterDays + 1,
    daysSinceRetrain: null,
    daysSinceAlarm: null,
    recentRetrains: 0,
    calibratedP: null,
    lossRatio: null,
  });
});

test('a champion is stale on the day after the last that is allowed', async (t) => {
  const { db } = await withDatabase(t);
  assert.deepEqual(await decisionOf(db, await setUp(db, staleAfterDays)), ['keep', 'fresh']);
});

test('after the newest retrain the cooldown is waited out to the day', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUp(db, staleAfterDays + 1);
  await judged(db, daysAgo(cooldownDays + 30), 'gate');
  await judged(db, daysAgo(cooldownDays), 'gate');
  assert.deepEqual(await decisionOf(db, request), ['retrain', 'stale']);
  await judged(db, daysAgo(cooldownDays - 1), 'gate');
  const { result } = await takeDecision(db, request);
  assert.deepEqual([result.kind, result.reason], ['keep', 'cooling-down']);
  assert.deepEqual([result.numbers.daysSinceRetrain, result.numbers.recentRetrains], [cooldownDays - 1, 3]);
});

test('the budget counts each day of retraining within its span once', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUp(db, staleAfterDays + 1);
  await judged(db, daysAgo(budgetDays), 'gate'); // a day too old
  for (let i = 0; i < budgetRetrains - 1; i += 1) await judged(db, daysAgo(budgetDays - 1 - i), 'gate');
  await judged(db, daysAgo(budgetDays - 1), 'gate'); // that day again
  const { result } = await takeDecision(db, request);
  assert.deepEqual([result.kind, result.numbers.recentRetrains], ['retrain', budgetRetrains - 1]);
  await judged(db, daysAgo(cooldownDays), 'gate');
  assert.deepEqual(await decisionOf(db, request), ['keep', 'budget-spent']);
});

test('drift, decay, a request of a person and a missing champion each reach the decision', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUp(db, 0);
  const evidence: DriftEvidence = {
    meanShift: 0,
    meanP: 0.5,
    volatilityRatio: 2,
    volatilityP: 0.01,
    shapeDistance: 0.1,
    shapeP: 0.5,
    unchangedShare: 0,
    unchangedShareReference: 0,
  };
  const drift: StableData = {
    statistic: 0.3,
    rawP: 0.001,
    rawMethod: 'exact',
    calibratedP: 0.002,
    bootstrapP: null,
    threshold: 0.05,
    referenceSize: 600,
    currentSize: 60,
    verdict: 'stable',
    cause: null,
    evidence: null,
    reason: '',
    limit: null,
  };
  const quiet = { readings: [], first: null, risingDays: null, days: 60, reason: '' } as const;
  const watch: WatchReport = { verdict: 'stable', cause: null, ...quiet };
  const first = { detector: 'volatility-up', statistic: 5, limit: 4 } as const;
  const alarmed: WatchReport = {
    ...quiet,
    verdict: 'drifted',
    cause: 'volatility',
    readings: [first],
    first,
    risingDays: 4,
  };
  const none = asChanges(new Float64Array(0));
  const unknown = undetermined(none, none, { kind: 'short-reference', reason: '' });
  const loss: StableLosses = {
    verdict: 'stable',
    ratio: 1.5,
    naiveRatio: 1,
    heldOutNaiveRatio: 1,
    peak: 1,
    limit: 5,
    alarmAt: null,
    risingSince: null,
    liveSize: 60,
    heldOutSize: 60,
    reason: '',
  };
  const cases: [Partial<CheckResult>, Partial<DecideRequest>, string, string][] = [
    [{}, {}, 'keep', 'fresh'],
    [{ drift: { ...drift, verdict: 'drifted', cause: 'volatility', evidence } }, {}, 'retrain', 'drifted'],
    [{ watch: alarmed }, {}, 'retrain', 'drifted'],
    [{ drift: unknown }, {}, 'undetermined', 'drift-unknown'],
    [{ loss: { ...loss, verdict: 'decayed', alarmAt: 20, risingSince: 10 } }, {}, 'retrain', 'decayed'],
    [{}, { manual: 'to see' }, 'retrain', 'manual'],
    [{}, { champion: undefined }, 'train', 'no-champion'],
  ];
  for (const [check, given, kind, reason] of cases) {
    const asked = { ...request, check: { drift, watch, loss, ...check }, ...given };
    const { result, write, events } = await takeDecision(db, asked);
    assert.deepEqual([result.kind, result.reason], [kind, reason]);
    assert.deepEqual(
      [result.numbers.calibratedP, result.numbers.lossRatio],
      [check.drift === undefined ? 0.002 : check.drift.calibratedP, 1.5],
    );
    assert.equal(result.numbers.daysSinceValidation, given.champion === undefined && kind === 'train' ? null : 0);
    // Every answer is a row and an event, also every "no".
    await write?.(db);
    const [row] = await listDecisions(db, parseSymbol('X'), { limit: 1 });
    const { id, at, ...kept } = row!;
    assert.ok(id !== '' && at !== '');
    assert.deepEqual(kept, {
      runId: request.runId,
      symbol: 'X',
      day: TODAY,
      stage: 'retrain',
      verdict: kind,
      reason,
      sentence: result.sentence,
      report: { ...result.numbers, settings: request.settings },
    });
    assert.deepEqual(events, [
      {
        kind: 'retrain:decided',
        payload: { day: TODAY, kind, reason, numbers: result.numbers, settings: request.settings },
        sentence: result.sentence,
      },
    ]);
  }
  assert.equal((await listDecisions(db, parseSymbol('X'), { limit: 100 })).length, cases.length);
});
