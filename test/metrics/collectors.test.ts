import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import type { TestDatabase } from '../../lab/database.ts';
import { withDatabase } from '../../lab/database.ts';
import { sealRecord } from '../../shepherd/record/seal.ts';
import { testSigner } from '../helpers/sealedRecord.ts';
import { risingBars, storeSeries } from '../helpers/records.ts';
import { samplesOf, scrape, serve } from './scrape.ts';
import { claimSlot } from '../../db/tables/runs.ts';
import { SECOND, SEEDED, decideBudget, recordEvent, seedFlock } from './seededFlock.ts';
import type { Seed } from './seededFlock.ts';

/** One-day forecasts of the last 60 scored days of a series. */
const RECENT = `FROM (SELECT * FROM forecast_scores WHERE symbol = $1 AND horizon = 1 ORDER BY day DESC LIMIT 60) AS recent`;
const CHAMPION = `FROM champions JOIN models USING (symbol, version) WHERE symbol = $1`;
const CHECK = `FROM drift_checks WHERE symbol = $1`;

/** Each figure of a series by its name, asked of the tables without the views that the exporter reads. */
const FIGURES: Readonly<Record<string, string>> = {
  forecast_mse: `SELECT avg(squared_error) AS value ${RECENT}`,
  forecast_naive_mse: `SELECT avg(naive_squared_error) AS value ${RECENT}`,
  forecast_mae: `SELECT avg(absolute_error) AS value ${RECENT}`,
  forecast_mape_ratio: `SELECT avg(absolute_error / actual) AS value ${RECENT}`,
  forecast_crps: `SELECT avg(crps) AS value ${RECENT}`,
  forecast_skill_ratio: `SELECT 1 - sum(squared_error) / sum(naive_squared_error) AS value ${RECENT}`,
  forecast_coverage_ratio: `SELECT count(*) FILTER (WHERE covered) / 60.0::float8 AS value ${RECENT}`,
  forecast_predictions_scored_total: 'SELECT count(*)::float8 AS value FROM forecast_scores WHERE symbol = $1',
  model_holdout_mse: `SELECT (holdout ->> 'mse')::float8 AS value ${CHAMPION}`,
  model_trained_timestamp_seconds: `SELECT extract(epoch FROM created_at)::float8 AS value ${CHAMPION}`,
  model_promoted_timestamp_seconds: `SELECT extract(epoch FROM promoted_at)::float8 AS value ${CHAMPION}`,
  model_last_validated_timestamp_seconds: `SELECT extract(epoch FROM validated_at)::float8 AS value ${CHAMPION}`,
  drift_ks_statistic: `SELECT statistic AS value ${CHECK}`,
  drift_ks_p_value: `SELECT raw_p AS value ${CHECK}`,
  drift_ks_calibrated_p_value: `SELECT calibrated_p AS value ${CHECK}`,
  drift_ks_threshold_p_value: `SELECT threshold AS value ${CHECK}`,
  drift_detected: `SELECT (verdict = 'drifted')::int::float8 AS value ${CHECK}`,
  drift_last_check_timestamp_seconds: `SELECT extract(epoch FROM checked_at)::float8 AS value ${CHECK}`,
  data_last_day_timestamp_seconds: `SELECT extract(epoch FROM max(day))::float8 AS value FROM prices WHERE symbol = $1`,
  shepherd_last_success_timestamp_seconds: `SELECT extract(epoch FROM max(ended_at))::float8 AS value FROM runs
     WHERE symbol = $1 AND state = 'done'`,
  predict_duration_seconds_sum: 'SELECT sum(seconds) AS value FROM predictions WHERE symbol = $1',
  predict_duration_seconds_count: 'SELECT count(*)::float8 AS value FROM predictions WHERE symbol = $1',
};

/** Two series, and times that lie apart from each other: trained, then promoted, then found still the best. */
async function seedTwo({ db, connectAs }: TestDatabase): Promise<ReadonlyMap<Seed, number>> {
  const versions = new Map<Seed, number>();
  const owner = connectAs('owner');
  for (const [hours, seed] of [SEEDED, SECOND].entries()) {
    versions.set(seed, await seedFlock(db, seed));
    const at = (day: string): string => `timestamptz '2026-06-${day}' + ${hours} * interval '1 hour'`;
    const { symbol } = seed;
    for (const change of [
      `UPDATE models SET created_at = ${at('01 06:30:01Z')} WHERE symbol = '${symbol}'`,
      `UPDATE champions SET promoted_at = ${at('02 07:30:02Z')}, validated_at = ${at('09 08:30:03Z')} WHERE symbol = '${symbol}'`,
      `UPDATE drift_checks SET checked_at = ${at('10 09:30:04Z')} WHERE symbol = '${symbol}'`,
      `UPDATE runs SET started_at = ${at('11 10:30:00Z')} + id * interval '1 minute',
         ended_at = ${at('11 10:30:05Z')} + id * interval '64 seconds' WHERE symbol = '${symbol}'`,
    ]) {
      await owner.query(change);
    }
  }
  return versions;
}

test('each figure is the one in the database, under its own name and of its own series', async (t) => {
  const database = await withDatabase(t);
  const versions = await seedTwo(database);
  const { db, urls } = database;
  const samples = samplesOf(await scrape(await serve(t, urls.metrics)));
  const figures: number[] = [];
  for (const { symbol } of versions.keys()) {
    for (const [name, sql] of Object.entries(FIGURES)) {
      const [row] = await db.query<{ value: number }>(sql, [symbol]);
      const { value } = row!;
      const shown = samples.get(`${name}{symbol="${symbol}"}`) ?? Number.NaN;
      assert.ok(Math.abs(shown - value) <= 1e-9 * Math.abs(value), `${name} of ${symbol}: ${shown}, stored ${value}`);
      figures.push(value);
    }
  }
  // Otherwise one could stand for another unseen.
  assert.equal(new Set(figures).size, figures.length, 'two stored figures are equal');

  const infos = [...samples.keys()].filter((key) => /^(model|series)_info\{symbol="/.test(key));
  assert.deepEqual(
    infos.sort(),
    [...versions]
      .flatMap(([{ symbol, source, sha256 }, version]) => [
        `model_info{symbol="${symbol}",version="${version}",sha256="${sha256}"}`,
        `series_info{symbol="${symbol}",source="${source}"}`,
      ])
      .sort(),
  );
  assert.deepEqual([...new Set(infos.map((key) => samples.get(key)))], [1]);
  const named = [...samples.keys()].filter(
    (key) => key.includes('symbol="') && !/^shepherd_(?!last_success)|_info|_bucket|_detector_/.test(key),
  );
  assert.equal(named.length, figures.length, 'a figure is shown that is not looked at here');
});

test('each detector of a series stands with its statistic and its limit', async (t) => {
  const database = await withDatabase(t);
  await seedTwo(database);
  const { connectAs, urls } = database;
  const detectors = [
    { detector: 'ks', statistic: 0.21, limit: 0.25 },
    { detector: 'volatility-up', statistic: 4.5, limit: 3.5 },
  ];
  await connectAs('owner').query(
    `UPDATE drift_checks SET detectors = '${JSON.stringify(detectors)}' WHERE symbol = '${SEEDED.symbol}'`,
  );
  const samples = samplesOf(await scrape(await serve(t, urls.metrics)));
  const shown = [...samples].filter(([key]) => key.startsWith('drift_detector_')).sort();
  assert.deepEqual(
    shown,
    detectors
      .flatMap(({ detector, statistic, limit }) => [
        [`drift_detector_limit{symbol="${SEEDED.symbol}",detector="${detector}"}`, limit],
        [`drift_detector_statistic{symbol="${SEEDED.symbol}",detector="${detector}"}`, statistic],
      ])
      .sort(),
  );
});

test('runs are counted by series, outcome and reason, never without a reason, and outcomes not met stand at 0', async (t) => {
  const database = await withDatabase(t);
  await seedTwo(database);
  const { db, urls } = database;
  const samples = samplesOf(await scrape(await serve(t, urls.metrics)));
  const shown = Object.fromEntries([...samples].filter(([key]) => key.startsWith('shepherd_runs_total')));
  const counted = await db.query<{ symbol: string; outcome: string; reason: string; runs: number }>(
    'SELECT symbol, outcome, reason, count(*)::int AS runs FROM runs WHERE ended_at IS NOT NULL GROUP BY 1, 2, 3',
  );
  assert.ok(counted.length >= 3);
  const expected = new Map<string, number>();
  for (const symbol of (await db.query<{ symbol: string }>('SELECT symbol FROM series')).map((row) => row.symbol))
    for (const [outcome, reason] of Object.entries(OUTCOMES)) expected.set(keyOf({ symbol, outcome, reason }), 0);
  for (const row of counted) expected.set(keyOf(row), row.runs);
  assert.deepEqual(shown, Object.fromEntries(expected));
  const [row] = await db.query<{ seconds: number; runs: number }>(
    'SELECT extract(epoch FROM sum(ended_at - started_at))::float8 AS seconds, count(*)::int AS runs FROM runs',
  );
  assert.equal(samples.get('shepherd_run_duration_seconds_sum'), row?.seconds);
  assert.equal(samples.get('shepherd_run_duration_seconds_count'), row?.runs);
  assert.equal(
    samples.get('predict_requests_total{outcome="answered"}'),
    SEEDED.answers.length + SECOND.answers.length,
  );
});

/** Each outcome with the reason under which it stands at 0. */
const OUTCOMES: Readonly<Record<string, string>> = {
  promoted: 'no-champion',
  revalidated: 'stale',
  kept: 'fresh',
  undetermined: 'drift-unknown',
  overtaken: 'champion-changed',
  skipped: 'superseded',
  failed: 'FAULT',
};

const keyOf = ({ symbol, outcome, reason }: { symbol: string; outcome: string; reason: string }): string =>
  `shepherd_runs_total{symbol="${symbol}",outcome="${outcome}",reason="${reason}"}`;

test('while a check is undetermined its figures stay, as no number', async (t) => {
  const { db, urls } = await withDatabase(t);
  await storeSeries(db, parseSymbol('NEW'), risingBars('2026-01-01', 3));
  await db.query(
    `INSERT INTO drift_checks (symbol, day, verdict, report) VALUES ('NEW', '2026-01-03', 'undetermined', '{}')`,
  );
  const text = await scrape(await serve(t, urls.metrics));
  for (const name of ['drift_ks_statistic', 'drift_ks_p_value', 'drift_ks_calibrated_p_value', 'drift_detected'])
    assert.match(text, new RegExp(`^${name}\\{symbol="NEW"\\} NaN$`, 'im'));
});

test('of what is not known of a series nothing is said', async (t) => {
  const { db, urls } = await withDatabase(t);
  await storeSeries(db, parseSymbol('NEW'), risingBars('2026-01-01', 3));
  const samples = samplesOf(await scrape(await serve(t, urls.metrics)));
  assert.deepEqual(
    [...samples.keys()].filter((key) => key.includes('symbol=') && !key.startsWith('shepherd_')),
    ['data_last_day_timestamp_seconds{symbol="NEW"}', 'series_info{symbol="NEW",source="csv"}'],
  );
  const held = [...samples].filter(([key]) => key.startsWith('shepherd_bars_held_back{symbol="NEW"'));
  assert.deepEqual(
    held.map(([, value]) => value),
    [0, 0, 0, 0, 0, 0],
    'that nothing is held back is known',
  );
});

test('every figure has its name with the prefix as well, and what two services count differently has two names', async (t) => {
  const database = await withDatabase(t);
  await seedTwo(database);
  const samples = samplesOf(await scrape(await serve(t, database.urls.metrics)));
  const former = [...samples].filter(([key]) => /^(forecast|model|drift|data|series|collector_success)/.test(key));
  assert.ok(former.length > 30);
  for (const [key, value] of former) assert.deepEqual([key, samples.get(`shepherd_${key}`)], [key, value]);
  assert.equal(samples.get('shepherd_prediction_log_answers_total'), undefined);
  assert.equal(
    samples.get('shepherd_prediction_log_answers_total{outcome="answered"}'),
    SEEDED.answers.length + SECOND.answers.length,
  );
  assert.ok(![...samples.keys()].some((key) => key.startsWith('shepherd_predict_')), 'the estimator counts its own');
});

test('missed days, the budget of retrains, what waits and whether the record holds together', async (t) => {
  const { db, urls, connectAs } = await withDatabase(t);
  await seedFlock(db);
  await recordEvent(db, 'prices:pulled', {});
  await recordEvent(db, 'feed:silent', { missed: 3 });
  await decideBudget(db, { spent: 4, allowed: 12 });
  await sealRecord(db, testSigner);
  const server = await serve(t, urls.metrics);
  const samples = samplesOf(await scrape(server));
  assert.equal(samples.get('shepherd_missed_trading_days{symbol="MSFT"}'), 3);
  assert.equal(samples.get('shepherd_retrain_budget_spent{symbol="MSFT"}'), 4);
  assert.equal(samples.get('shepherd_retrain_budget_allowed{symbol="MSFT"}'), 12);
  assert.equal(samples.get('shepherd_runs_pending{state="queued"}'), 0);
  assert.equal(samples.get('shepherd_record_broken_leaves'), 0);
  await recordEvent(db, 'prices:pulled', {});
  await claimSlot(db, { symbol: SEEDED.symbol, slot: 'waits', trigger: 'schedule' });
  await connectAs('owner').query('ALTER TABLE events DISABLE TRIGGER append_only');
  await connectAs('owner').query(`UPDATE events SET sentence = 'Another.' WHERE kind = 'feed:silent'`);
  const later = samplesOf(await scrape(server));
  assert.equal(later.get('shepherd_missed_trading_days{symbol="MSFT"}'), 0, 'the feed has sent what it should');
  assert.equal(later.get('shepherd_runs_pending{state="queued"}'), 1);
  assert.equal(later.get('shepherd_record_broken_leaves'), 1);
});
