import assert from 'node:assert/strict';
import { samplesOf } from '../../../metrics/scrape.ts';
import type { BookedRun, Scraped, SymbolState } from './books.ts';
import type { Span } from './diary.ts';
import { assertClose } from './figures.ts';
import type { YearRecord } from './record.ts';
import type { ModelRow, RunRow } from './rows.ts';

/** What a sample must be: a figure, not a number, or an instant within an act. */
type Expected = number | Span;

const DETECTED = { stable: 0, drifted: 1, undetermined: Number.NaN };
const FAULTS = ['invalid-price', 'split-unadjusted', 'unit-error', 'unit-changed', 'repeated-tick', 'swapped-date'];
/** Each outcome with the reason under which it stands at 0. */
const OUTCOMES = {
  promoted: 'no-champion',
  revalidated: 'stale',
  kept: 'fresh',
  undetermined: 'drift-unknown',
  overtaken: 'champion-changed',
  skipped: 'superseded',
  failed: 'FAULT',
};
const RUN_BOUNDS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, Infinity];
const ANSWER_BOUNDS = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  Infinity,
];
/** Families that tell of the database; the others are about the process that is asked. */
const OURS = /^(data_|series_|drift_|model_|forecast_|shepherd_|predict_)/;

/** What these books do not keep; its collectors have tests of their own. */
const NOT_IN_THE_BOOKS = /^shepherd_(missed_trading_days|record_|retrain_budget_|runs_pending)/;

/** Holds every sample of a scrape to the books: none may be missing, none may be there that the books do not know. */
export function holdScrape({ text, runs, symbols }: Scraped, record: YearRecord): void {
  const expected = new Map<string, Expected>();
  for (const [symbol, state] of symbols) expectSymbol(expected, symbol, state, record);
  expectRuns(expected, [...symbols.keys()], runs, record.runs);
  const answers = [...symbols].map(([symbol, { answers: count }]) => ({ symbol, count }));
  for (const { symbol, count } of answers) {
    // Nobody but the test's caller asks; its answers are the first rows of the log.
    const seconds = record.predictions.filter((row) => row.symbol === symbol).slice(0, count);
    if (count > 0)
      expectHistogram(
        expected,
        'predict_duration_seconds',
        `symbol="${symbol}"`,
        ANSWER_BOUNDS,
        seconds.map((row) => row.seconds),
      );
  }
  expected.set(
    'predict_requests_total{outcome="answered"}',
    answers.reduce((sum, { count }) => sum + count, 0),
  );

  const samples = new Map(samplesOf(text));
  dropTwins(samples);
  const told = [...samples.keys()].filter((name) => OURS.test(name) && !NOT_IN_THE_BOOKS.test(name));
  assert.deepEqual(told.sort(), [...expected.keys()].sort());
  assert.equal(samples.get('shepherd_record_broken_leaves'), 0);
  for (const [name, wanted] of expected) checkSample(name, samples.get(name)!, wanted);
  for (const [name, value] of samples) if (name.startsWith('collector_success')) assert.equal(value, 1, name);
}

/** Every metric stands under its name of today and, for one release, under its former one: the same figure twice. */
function dropTwins(samples: Map<string, number>): void {
  for (const [name, value] of samples) {
    const former = name
      .replace(/^shepherd_prediction_log_duration/, 'predict_duration')
      .replace(/^shepherd_prediction_log_answers/, 'predict_requests')
      .replace(/^shepherd_/, '');
    if (former === name || !samples.has(former)) continue;
    if (!/^shepherd_(process|nodejs|collector)_/.test(name)) assert.deepEqual(value, samples.get(former), name);
    samples.delete(name);
  }
}

function checkSample(name: string, value: number, expected: Expected): void {
  if (typeof expected === 'number') {
    if (Number.isNaN(expected)) assert.ok(Number.isNaN(value), `${name} is ${value}; expected NaN`);
    else assertClose(value, expected, name, 2e-5);
  } else
    assert.ok(
      1000 * value >= expected.from - 1 && 1000 * value <= expected.to + 1,
      `${name} is ${value}, not of its act`,
    );
}

function expectSymbol(expected: Map<string, Expected>, symbol: string, state: SymbolState, record: YearRecord): void {
  const put = (name: string, value: Expected | null | undefined): void => {
    if (value !== null && value !== undefined) expected.set(`${name}{symbol="${symbol}"}`, value);
  };
  const { lastDay, held, champion, check, quality, scored, lastSuccess } = state;
  if (lastDay !== undefined) {
    put('data_last_day_timestamp_seconds', Date.parse(`${lastDay}T00:00:00Z`) / 1000);
    expected.set(`series_info{symbol="${symbol}",source="yahoo"}`, 1);
    for (const kind of FAULTS)
      expected.set(
        `shepherd_bars_held_back{symbol="${symbol}",kind="${kind}"}`,
        held.filter((each) => each === kind).length,
      );
  }
  put('shepherd_last_success_timestamp_seconds', lastSuccess);
  if (check?.row !== undefined) {
    put('drift_ks_statistic', check.row.statistic ?? Number.NaN);
    put('drift_ks_p_value', check.row.rawP ?? Number.NaN);
    put('drift_ks_calibrated_p_value', check.row.calibratedP ?? Number.NaN);
    put('drift_ks_threshold_p_value', check.row.threshold ?? Number.NaN);
    for (const { detector, statistic, limit } of check.row.detectors) {
      expected.set(`drift_detector_statistic{symbol="${symbol}",detector="${detector}"}`, statistic);
      expected.set(`drift_detector_limit{symbol="${symbol}",detector="${detector}"}`, limit);
    }
    put('drift_detected', DETECTED[check.row.verdict]);
    put('drift_last_check_timestamp_seconds', check.entry);
  }
  if (champion !== null) {
    const model: ModelRow = record.models.find(({ version }) => version === champion.version)!;
    expected.set(`model_info{symbol="${symbol}",version="${champion.version}",sha256="${model.sha256}"}`, 1);
    put('model_holdout_mse', model.holdout.mse);
    put('model_trained_timestamp_seconds', { from: model.createdAt, to: model.createdAt });
    put('model_promoted_timestamp_seconds', champion.promoted);
    put('model_last_validated_timestamp_seconds', champion.validated);
  }
  if (scored > 0) put('forecast_predictions_scored_total', scored);
  put('forecast_mse', quality?.mse);
  put('forecast_naive_mse', quality?.naiveMse);
  put('forecast_mae', quality?.mae);
  put('forecast_mape_ratio', quality?.mape);
  put('forecast_crps', quality?.crps);
  put('forecast_coverage_ratio', quality?.coverage);
  put('forecast_skill_ratio', quality?.skill);
}

function expectRuns(
  expected: Map<string, Expected>,
  symbols: readonly string[],
  runs: readonly BookedRun[],
  rows: readonly RunRow[],
): void {
  const ended = runs.filter(({ state }) => state !== 'queued');
  const nameOf = (symbol: string, outcome: string, reason: string): string =>
    `shepherd_runs_total{symbol="${symbol}",outcome="${outcome}",reason="${reason}"}`;
  for (const symbol of symbols)
    for (const [outcome, reason] of Object.entries(OUTCOMES)) expected.set(nameOf(symbol, outcome, reason), 0);
  for (const { symbol, outcome, reason } of ended) {
    const name = nameOf(symbol, outcome!, reason!);
    const before = expected.get(name);
    expected.set(name, (typeof before === 'number' ? before : 0) + 1);
  }
  const took = ended.flatMap(({ id }) => rows.find((row) => row.id === id)?.seconds ?? []);
  expectHistogram(expected, 'shepherd_run_duration_seconds', '', RUN_BOUNDS, took);
}

function expectHistogram(
  expected: Map<string, Expected>,
  name: string,
  label: string,
  bounds: readonly number[],
  values: readonly number[],
): void {
  const and = label === '' ? '' : `${label},`;
  for (const bound of bounds) {
    const le = bound === Infinity ? '+Inf' : String(bound);
    expected.set(`${name}_bucket{${and}le="${le}"}`, values.filter((value) => value <= bound).length);
  }
  const own = label === '' ? '' : `{${label}}`;
  expected.set(
    `${name}_sum${own}`,
    values.reduce((sum, value) => sum + value, 0),
  );
  expected.set(`${name}_count${own}`, values.length);
}
