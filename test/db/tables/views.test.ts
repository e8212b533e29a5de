import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVersion } from '../../../core/model/version.ts';
import { promote } from '../../../db/tables/champions.ts';
import { appendCheck } from '../../../db/tables/checks.ts';
import { appendEvent } from '../../../db/tables/events.ts';
import { saveForecasts } from '../../../db/tables/forecasts.ts';
import { appendPredictions } from '../../../db/tables/predictions.ts';
import { claimSlot, finishRun, startRun } from '../../../db/tables/runs.ts';
import { saveScores } from '../../../db/tables/scores.ts';
import {
  getRunDurations,
  listChampionInfo,
  listDataFreshness,
  listLastSuccesses,
  listLatestDriftChecks,
  listPredictionLatency,
  listRunTotals,
  listScoredTotals,
  listTimeline,
} from '../../../db/tables/views.ts';
import { withDatabase } from '../../../lab/database.ts';
import { issueForecast, scoreIssued } from '../../../lab/scores.ts';
import { DAY, newPromotion, risingBars, storeModel, storeSeries } from '../../helpers/records.ts';

test('every score counts in the total, of any horizon and any model', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const [old, young] = [await storeModel(db, parseSymbol('X')), await storeModel(db, parseSymbol('X'))];
  const metrics = connectAs('metrics');
  assert.deepEqual(await listScoredTotals(metrics), []);
  for (const [version, horizon] of [
    [old, 1],
    [old, 2],
    [young, 1],
  ] as const) {
    const issued = issueForecast(DAY, { horizon });
    await saveForecasts(db, parseSymbol('X'), version, [issued]);
    await saveScores(db, parseSymbol('X'), version, [{ asOf: DAY, score: scoreIssued(issued) }]);
  }
  assert.deepEqual(await listScoredTotals(metrics), [{ symbol: 'X', forecasts: 3 }]);
});

test('freshness, champion and latest drift check are told by series', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'), risingBars('2020-01-01', 3));
  await storeSeries(db, parseSymbol('Y'));
  const version = await storeModel(db, parseSymbol('X'));
  await promote(db, newPromotion(parseSymbol('X'), version));
  const check = {
    runId: null,
    symbol: parseSymbol('X'),
    day: DAY,
    statistic: 0.2,
    rawP: 0.01,
    threshold: 0.05,
    cause: null,
    report: {},
  };
  await appendCheck(db, { ...check, calibratedP: 0.5, verdict: 'stable' });
  await appendCheck(db, { ...check, calibratedP: 0.01, verdict: 'drifted', cause: 'volatility' });

  const metrics = connectAs('metrics');
  const [freshness, ...others] = await listDataFreshness(metrics);
  assert.deepEqual([freshness?.symbol, freshness?.source, freshness?.lastDay], ['X', 'csv', '2020-01-03']);
  assert.deepEqual(others, []);
  const [champion] = await listChampionInfo(metrics);
  assert.deepEqual(
    [champion?.version, champion?.trainedTo, champion?.validatedTo, champion?.holdoutMse, champion?.sha256],
    [version, DAY, DAY, 1.25, 'ab'.repeat(32)],
  );
  const [drift] = await listLatestDriftChecks(metrics);
  assert.deepEqual([drift?.verdict, drift?.calibratedP, drift?.cause], ['drifted', 0.01, 'volatility']);
});

test('runs are counted by series, outcome and reason once they have ended', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const metrics = connectAs('metrics');
  const none = await listRunTotals(metrics);
  assert.ok(
    none.length >= 6 && none.every(({ symbol, runs, reason }) => symbol === 'X' && runs === 0 && reason !== ''),
  );
  assert.equal((await getRunDurations(metrics)).count, 0);
  for (const [slot, state, outcome, reason] of [
    ['a', 'done', 'kept', 'fresh'],
    ['b', 'done', 'kept', 'fresh'],
    ['c', 'failed', 'failed', 'feed'],
    ['d', undefined, '', ''],
  ] as const) {
    const id = await claimSlot(db, { symbol: parseSymbol('X'), slot, trigger: 'schedule' });
    await startRun(db, id!);
    if (state !== undefined) await finishRun(db, id!, { state, outcome, reason, sentence: '' });
  }
  const met = (await listRunTotals(metrics)).filter(({ runs }) => runs > 0);
  assert.deepEqual(met, [
    { symbol: 'X', outcome: 'failed', reason: 'feed', runs: 1 },
    { symbol: 'X', outcome: 'kept', reason: 'fresh', runs: 2 },
  ]);
  const durations = await getRunDurations(metrics);
  assert.equal(durations.count, 3);
  assert.ok(durations.sum > 0);
  assert.deepEqual(
    (await listLastSuccesses(metrics)).map(({ symbol }) => symbol),
    ['X'],
  );
});

test('run durations are counted up to each bound, the bound itself included', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const seconds = [0, 0.1, 0.100001, 59.9, 60, 4_000];
  await db.query(
    `INSERT INTO runs (symbol, slot, trigger, started_at, ended_at, outcome, reason)
     SELECT 'X', s::text, 'schedule', now(), now() + make_interval(secs => s), 'kept', 'fresh' FROM unnest($1::float8[]) AS s`,
    [seconds],
  );
  const durations = await getRunDurations(connectAs('metrics'));
  assert.ok(durations.buckets.length > 10);
  for (const { le, count } of durations.buckets)
    assert.equal(count, seconds.filter((each) => each <= le).length, `${le}`);
  assert.equal(durations.buckets.at(-1)?.le, Infinity);
  assert.ok(Math.abs(durations.sum - seconds.reduce((sum, each) => sum + each, 0)) < 1e-6);
});

test('latency is counted as answers are logged, a bound belonging to its own bucket', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const metrics = connectAs('metrics');
  assert.deepEqual(await listPredictionLatency(metrics), []);
  const estimator = connectAs('estimator');
  const seconds = [0.00005, 0.0001, 0.0003, 0.0003, 4, 60, null];
  const answer = {
    at: 0,
    version: parseVersion(1),
    form: 'window',
    asOf: null,
    horizon: 1,
    prediction: 1,
    lower: 1,
    upper: 1,
    naive: 1,
  } as const;
  await appendPredictions(
    estimator,
    seconds.map((each) => ({ ...answer, symbol: parseSymbol('X'), seconds: each })),
  );
  await appendPredictions(estimator, [{ ...answer, symbol: parseSymbol('X'), seconds: 0.25 }]);
  await appendPredictions(estimator, [{ ...answer, symbol: parseSymbol('Y'), seconds: 0.25 }]);
  assert.deepEqual(await db.query('SELECT count(*)::int AS rows FROM predictions'), [{ rows: 9 }]);

  const [x, y] = await listPredictionLatency(metrics);
  assert.equal(x?.symbol, 'X');
  assert.equal(x.count, 7);
  assert.ok(Math.abs(x.sum - 64.25075) < 1e-9);
  const counts = new Map(x.buckets.map(({ le, count }) => [le, count]));
  assert.deepEqual(
    [0.0001, 0.00025, 0.0005, 0.1, 0.25, 2.5, 5, Infinity].map((le) => counts.get(le)),
    [2, 2, 4, 4, 5, 5, 6, 7],
  );
  assert.equal(x.buckets.length, 16);
  assert.deepEqual([y?.symbol, y?.count, y?.sum], ['Y', 1, 0.25]);
});

test('the timeline shows the audit record to who may not read its table', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), null, parseSymbol('X')]) {
    await appendEvent(db, { kind: 'shepherd:started', symbol, runId: null, payload: {}, sentence: 'Started.' });
  }
  const ids = async (filter: { symbol?: SeriesSymbol; before?: string }): Promise<string[]> =>
    (await listTimeline(connectAs('metrics'), { ...filter, limit: 9 })).map(({ id }) => id);
  assert.deepEqual(await ids({}), ['3', '2', '1']);
  assert.deepEqual(await ids({ symbol: parseSymbol('X'), before: '3' }), ['1']);
});
