import { type SeriesSymbol, parseSymbol } from '../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { lastFirst } from '../../lab/lastFirst.ts';
import { appendCheck } from '../../db/tables/checks.ts';
import { withDatabase } from '../../lab/database.ts';
import type { Summary } from '../../metrics/summary.ts';
import { risingBars, storeSeries } from '../helpers/records.ts';
import { skipWithout } from '../helpers/debianTool.ts';
import { SECOND, SEEDED, answerRequests, lastDayOf, seedFlock } from './seededFlock.ts';
import { namesOf, samplesOf, scrape, serve } from './scrape.ts';

const CONTRACT = [
  'forecast_mse',
  'forecast_mae',
  'forecast_mape_ratio',
  'forecast_crps',
  'forecast_skill_ratio',
  'forecast_coverage_ratio',
  'forecast_predictions_scored_total',
  'model_holdout_mse',
  'predict_duration_seconds',
  'predict_requests_total',
  'drift_ks_statistic',
  'drift_ks_p_value',
  'drift_ks_calibrated_p_value',
  'drift_ks_threshold_p_value',
  'drift_detector_statistic',
  'drift_detector_limit',
  'drift_detected',
  'drift_last_check_timestamp_seconds',
  'data_last_day_timestamp_seconds',
  'model_info',
  'model_trained_timestamp_seconds',
  'model_promoted_timestamp_seconds',
  'model_last_validated_timestamp_seconds',
  'shepherd_runs_total',
  'shepherd_run_duration_seconds',
  'shepherd_last_success_timestamp_seconds',
];

test('an empty database: every name of the contract is there, every collector succeeds, nothing is made up', async (context) => {
  const t = lastFirst(context);
  const { urls } = await withDatabase(t);
  const text = await scrape(await serve(t, urls.metrics));
  const names = namesOf(text);
  assert.deepEqual(
    CONTRACT.filter((name) => !names.includes(name)),
    [],
  );
  const samples = samplesOf(text);
  const collectors = [...samples].filter(([name]) => name.startsWith('collector_success'));
  assert.ok(collectors.length >= 9);
  assert.ok(collectors.every(([, value]) => value === 1));
  assert.deepEqual(
    [...samples.keys()].filter((name) => name.includes('symbol=')),
    [],
  );
  assert.ok(![...samples.keys()].some((name) => name.startsWith('shepherd_runs_total')), 'no run of no series');
});

test('the prediction log is counted in the buckets of the contract, over every estimator', async (context) => {
  const t = lastFirst(context);
  const { db, urls } = await withDatabase(t);
  const version = await seedFlock(db);
  const server = await serve(t, urls.metrics);
  const bucket = (samples: ReadonlyMap<string, number>, le: string): number =>
    samples.get(`predict_duration_seconds_bucket{symbol="MSFT",le="${le}"}`)!;
  const before = samplesOf(await scrape(server));
  assert.deepEqual(
    ['0.0001', '0.00025', '0.0005', '5', '+Inf'].map((le) => bucket(before, le)),
    [0, 1, 3, 3, 4],
  );
  assert.ok(Math.abs(before.get('predict_duration_seconds_sum{symbol="MSFT"}')! - 7.001) < 1e-9);
  await answerRequests(db, version, [0.0001]);
  const after = samplesOf(await scrape(server));
  assert.deepEqual([bucket(after, '0.0001'), bucket(after, '+Inf')], [1, 5]);
  assert.equal(after.get('predict_requests_total{outcome="answered"}'), 5);
});

test('an undetermined check is neither drifted nor stable, and what it could not compute has no figure', async (context) => {
  const t = lastFirst(context);
  const { db, urls } = await withDatabase(t);
  await seedFlock(db);
  await appendCheck(db, {
    runId: null,
    symbol: parseSymbol('MSFT'),
    day: lastDayOf(SEEDED),
    statistic: null,
    rawP: null,
    calibratedP: null,
    threshold: null,
    verdict: 'undetermined',
    cause: null,
    report: {},
  });
  const samples = samplesOf(await scrape(await serve(t, urls.metrics)));
  assert.ok(Number.isNaN(samples.get('drift_detected{symbol="MSFT"}')));
  assert.ok(Number.isNaN(samples.get('drift_ks_statistic{symbol="MSFT"}')), 'it goes on, without a figure');
});

test('a series that is gone is gone from the next scrape', async (context) => {
  const t = lastFirst(context);
  const { db, urls, connectAs } = await withDatabase(t);
  await seedFlock(db);
  const server = await serve(t, urls.metrics);
  assert.ok(samplesOf(await scrape(server)).has('drift_detected{symbol="MSFT"}'));
  await connectAs('owner').query('DELETE FROM drift_checks');
  assert.equal(samplesOf(await scrape(server)).has('drift_detected{symbol="MSFT"}'), false);
});

test('with the database away it answers for its own process, says which collectors failed, and says so once', async (t) => {
  const server = await serve(t, 'postgres://nobody@127.0.0.1:1/nothing');
  await scrape(server);
  const samples = samplesOf(await scrape(server));
  const collectors = [...samples].filter(([name]) => name.startsWith('collector_success'));
  assert.ok(collectors.length >= 9);
  assert.ok(collectors.every(([, value]) => value === 0));
  assert.ok(samples.get('process_resident_memory_bytes')! > 0);
  assert.equal(samples.has('shepherd_runs_total{outcome="failed",reason=""}'), false);
  assert.equal(server.errors.length, collectors.length);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  const summary = await fetch(`${server.url}/summary`);
  assert.equal(summary.status, 503);
  assert.equal(((await summary.json()) as { code: string }).code, 'DATABASE_UNAVAILABLE');
});

test('one collector that may not read its view does not take the others with it', async (context) => {
  const t = lastFirst(context);
  const { db, urls, connectAs } = await withDatabase(t);
  await seedFlock(db);
  await connectAs('owner').query('REVOKE SELECT ON latest_drift_checks FROM shepherd_metrics');
  const samples = samplesOf(await scrape(await serve(t, urls.metrics)));
  assert.equal(samples.get('collector_success{collector="drift"}'), 0);
  assert.equal(samples.get('collector_success{collector="champions"}'), 1);
  assert.equal(samples.has('drift_detected{symbol="MSFT"}'), false);
});

test('the summary: error, drift and mean inference time of each series, its own', async (context) => {
  const t = lastFirst(context);
  const { db, urls } = await withDatabase(t);
  for (const seed of [SEEDED, SECOND]) await seedFlock(db, seed);
  const { url } = await serve(t, urls.metrics);
  const mses = await db.query<{ symbol: SeriesSymbol; mse: number }>(
    `SELECT symbol, avg(squared_error) AS mse
     FROM (SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY day DESC) AS age FROM forecast_scores) AS aged
     WHERE age <= 60 GROUP BY symbol`,
  );
  const expected = [SECOND, SEEDED].map((seed) => {
    const { verdict, statistic, calibratedP, cause } = seed.drift;
    return [
      seed.symbol,
      {
        mse: mses.find(({ symbol }) => symbol === seed.symbol)!.mse,
        drift: { verdict, statistic, calibratedP, cause, day: lastDayOf(seed) },
        meanInferenceSeconds: seed.answers.reduce((a, b) => a + b) / seed.answers.length,
      },
    ] as const;
  });
  const summary = (await (await fetch(`${url}/summary`)).json()) as Summary;
  for (const { mse } of Object.values(summary.symbols)) assert.equal(typeof mse, 'number');
  // The server adds up in an order of its own, so that the last bits of a mean differ.
  const rounded = (symbols: Summary['symbols']): object =>
    Object.fromEntries(
      Object.entries(symbols).map(([name, { mse, ...rest }]) => [name, { ...rest, mse: mse?.toPrecision(12) }]),
    );
  assert.deepEqual(rounded(summary.symbols), rounded(Object.fromEntries(expected)));
});

test('the summary names a series before anything is known of it', async (context) => {
  const t = lastFirst(context);
  const { db, urls } = await withDatabase(t);
  await storeSeries(db, parseSymbol('BTC-USD'), risingBars('2026-01-01', 3));
  const { url } = await serve(t, urls.metrics);
  assert.deepEqual(await (await fetch(`${url}/summary`)).json(), {
    symbols: { 'BTC-USD': { mse: null, drift: null, meanInferenceSeconds: null } },
  });
});

test('every metric says what it is in a sentence, and only what is counted is called a total', async (t) => {
  const { urls } = await withDatabase(t);
  const text = await scrape(await serve(t, urls.metrics));
  const declared = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(([, name, help, type]) => ({
    name: name!,
    help: help!,
    type: type!,
  }));
  const own = declared.filter(({ name }) => !/^(nodejs|process)_/.test(name));
  assert.deepEqual(own.map(({ name }) => name).sort(), [...new Set(own.map(({ name }) => name))].sort());
  for (const { name, help, type } of own) {
    assert.match(help, /^(p-value|[A-Z0-9]).{8,}\.$/, name);
    assert.equal(type, name.endsWith('_total') ? 'counter' : name.endsWith('_duration_seconds') && !name.includes('collector') ? 'histogram' : 'gauge', name); // prettier-ignore
  }
});

test('an unknown path says what there is', async (t) => {
  const { url } = await serve(t, 'postgres://nobody@127.0.0.1:1/nothing');
  const response = await fetch(`${url}/metric`);
  assert.equal(response.status, 404);
  assert.deepEqual(await response.json(), {
    error: 'There is nothing at this path; this service answers /metrics, /summary and /health.',
    code: 'NOT_FOUND',
  });
});

test('promtool finds nothing to object to in a scrape', skipWithout('promtool'), async (context) => {
  const t = lastFirst(context);
  const { db, urls } = await withDatabase(t);
  await seedFlock(db);
  const text = await scrape(await serve(t, urls.metrics));
  // prom-client calls three of its own gauges "_total"; they are not ours to rename.
  const input = text.replaceAll(/^.*\bnodejs_active_.*\n/gm, '');
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});
