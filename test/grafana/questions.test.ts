import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { BAND_LEVEL } from '../../core/forecast/band.ts';
import { LEVEL } from '../../grafana/limits.ts';
import { skipWithout } from '../helpers/debianTool.ts';
import { alertRules } from './alertRules.ts';
import { committedDashboards, type Panel } from './committedDashboards.ts';

/** Seconds between samples: a power of two, so that rates come out exact. */
const STEP = 64;
const SAMPLES = 60;
/** Every figure of A differs, and B and other jobs are there to be mistaken for it. */
const NOW = SAMPLES * STEP;
const AGES = {
  data_last_day_timestamp_seconds: 500,
  shepherd_last_success_timestamp_seconds: 600,
  model_last_validated_timestamp_seconds: 700,
  drift_last_check_timestamp_seconds: 800,
} as const;
const GAUGES = {
  drift_detected: 1,
  drift_ks_statistic: 0.25,
  drift_ks_calibrated_p_value: 0.125,
  drift_ks_p_value: 0.0625,
  drift_ks_threshold_p_value: 0.03125,
  forecast_skill_ratio: 0.5,
  forecast_mse: 16,
  forecast_naive_mse: 17,
  model_holdout_mse: 18,
  forecast_mae: 4,
  forecast_mape_ratio: 0.375,
  forecast_crps: 0.03125,
  forecast_coverage_ratio: 0.875,
  forecast_predictions_scored_total: 77,
  model_trained_timestamp_seconds: 100,
  model_promoted_timestamp_seconds: 200,
} as const;

const flat = (series: string, value: number) => ({ series, values: `${value}x${SAMPLES}` });
/** Rises by so much a second. */
const rising = (series: string, rate: number) => ({ series, values: `0+${STEP * rate}x${SAMPLES}` });
/** A histogram of 100 values a second: half up to 1.5, 95 % up to 3, 99 % up to 3.4. */
const histogram = (name: string, labels: string, times = 1) =>
  Object.entries({ 1: 40, 2: 60, 2.5: 90, 3.5: 100, '+Inf': 100 }).map(([le, rate]) =>
    rising(`${name}_bucket{${labels}le="${le}"}`, times * rate),
  );

const INPUT = [
  flat('shepherd_bars_held_back{symbol="A",kind="unit-error"}', 2),
  flat('shepherd_bars_held_back{symbol="A",kind="swapped-date"}', 3),
  flat('shepherd_bars_held_back{symbol="B",kind="unit-error"}', 9),
  ...Object.entries(AGES).flatMap(([name, age]) => [
    flat(`${name}{symbol="A"}`, NOW - age),
    flat(`${name}{symbol="B"}`, 1),
  ]),
  ...Object.entries(GAUGES).flatMap(([name, value]) => [
    flat(`${name}{symbol="A"}`, value),
    flat(`${name}{symbol="B"}`, 9),
  ]),
  ...['statistic', 'limit'].flatMap((figure, k) => [
    flat(`drift_detector_${figure}{symbol="A",detector="ks"}`, [1, 2][k]!),
    flat(`drift_detector_${figure}{symbol="A",detector="mean-up"}`, [5, 4][k]!),
    flat(`drift_detector_${figure}{symbol="B",detector="ks"}`, 9),
  ]),
  flat('ALERTS{alertname="X",alertstate="firing"}', 1),
  flat('ALERTS{alertname="Y",alertstate="firing"}', 1),
  flat('ALERTS{alertname="Z",alertstate="pending"}', 1),
  flat('up{job="shepherd",instance="1"}', 1),
  flat('up{job="estimator",instance="1"}', 1),
  flat('up{job="estimator",instance="2"}', 0),
  flat('up{job="prometheus",instance="1"}', 1),
  flat('collector_success{collector="drift",instance="1"}', 1),
  flat('collector_success{collector="runs",instance="1"}', 0),
  ...histogram('predict_duration_seconds', 'job="metrics",symbol="A",'),
  ...histogram('predict_duration_seconds', 'job="estimator",symbol="A",', 3).slice(1),
  rising('predict_duration_seconds_bucket{job="metrics",symbol="B",le="1"}', 7),
  rising('predict_duration_seconds_sum{job="metrics",symbol="A"}', 25),
  rising('predict_duration_seconds_count{job="metrics",symbol="A"}', 100),
  rising('predict_duration_seconds_sum{job="estimator",symbol="A"}', 1),
  rising('predict_duration_seconds_count{job="estimator",symbol="A"}', 100),
  rising('predict_requests_total{job="estimator",outcome="answered",instance="1"}', 2),
  rising('predict_requests_total{job="estimator",outcome="answered",instance="2"}', 3),
  rising('predict_requests_total{job="metrics",outcome="answered"}', 50),
  flat('process_resident_memory_bytes{job="metrics",instance="m"}', 1024),
  flat('process_resident_memory_bytes{job="prometheus",instance="p"}', 2048),
  rising('shepherd_runs_total{job="metrics",outcome="kept",reason="fresh"}', 1),
  rising('shepherd_runs_total{job="metrics",outcome="kept",reason="cooldown"}', 2),
  flat('shepherd_runs_total{job="metrics",outcome="skipped",reason=""}', 0),
  ...histogram('shepherd_run_duration_seconds', 'job="metrics",'),
  flat('model_info{job="metrics",symbol="A",version="3",sha256="ab"}', 1),
  flat('model_info{job="metrics",symbol="B",version="4",sha256="cd"}', 1),
  flat('model_info{job="else",symbol="A",version="5",sha256="ef"}', 1),
];

const VARIABLES: Readonly<Record<string, string>> = {
  $symbol: 'A',
  $__rate_interval: `${4 * STEP}s`,
  $__range: `${16 * STEP}s`,
};

interface Answer {
  readonly unit: string;
  /** What the legend reads, with the sample behind it. */
  readonly lines: Readonly<Record<string, readonly [labels: string, value: number]>>;
}

const A = '{symbol="A"}';

/** What each panel must say of the series above. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'Alerts firing': { unit: 'none', lines: { firing: ['{}', 2] } },
  'Newest day of data': { unit: 's', lines: { A: [A, 500] } },
  'Last good run': { unit: 's', lines: { A: [A, 600] } },
  'Model last validated': { unit: 's', lines: { A: [A, 700] } },
  Services: { unit: 'none', lines: { estimator: ['{job="estimator"}', 0], shepherd: ['{job="shepherd"}', 1] } },
  Collectors: { unit: 'none', lines: { drift: ['{collector="drift"}', 1], runs: ['{collector="runs"}', 0] } },
  'Bars held back': { unit: 'none', lines: { A: [A, 5] } },
  'Verdict of the last check': { unit: 'none', lines: { A: [`drift_detected${A}`, 1] } },
  'Last check': { unit: 's', lines: { A: [A, 800] } },
  'p-value, calibrated and plain': {
    unit: 'none',
    lines: {
      'A calibrated': [`drift_ks_calibrated_p_value${A}`, 0.125],
      'A plain': [`drift_ks_p_value${A}`, 0.0625],
      'A threshold': [`drift_ks_threshold_p_value${A}`, 0.03125],
    },
  },
  'KS statistic': { unit: 'none', lines: { A: [`drift_ks_statistic${A}`, 0.25] } },
  'Detectors against their limits': {
    unit: 'percentunit',
    lines: {
      'A ks': ['{detector="ks",symbol="A"}', 0.5],
      'A mean-up': ['{detector="mean-up",symbol="A"}', 1.25],
    },
  },
  'Skill against naive': { unit: 'percentunit', lines: { A: [`forecast_skill_ratio${A}`, 0.5] } },
  'Coverage of the 90 % bands': { unit: 'percentunit', lines: { A: [`forecast_coverage_ratio${A}`, 0.875] } },
  'MSE: live, naive, held out': {
    unit: 'none',
    lines: {
      A: [`forecast_mse${A}`, 16],
      'A naive': [`forecast_naive_mse${A}`, 17],
      'A held out': [`model_holdout_mse${A}`, 18],
    },
  },
  'Forecasts scored': { unit: 'short', lines: { A: [`forecast_predictions_scored_total${A}`, 77] } },
  'Mean absolute error': { unit: 'none', lines: { A: [`forecast_mae${A}`, 4] } },
  'Mean absolute percentage error': { unit: 'percentunit', lines: { A: [`forecast_mape_ratio${A}`, 0.375] } },
  CRPS: { unit: 'percentunit', lines: { A: [`forecast_crps${A}`, 0.03125] } },
  'Time of one prediction': { unit: 's', lines: { median: ['{}', 1.5], '95 %': ['{}', 3], '99 %': ['{}', 3.4] } },
  'Requests a second': { unit: 'reqps', lines: { answered: ['{outcome="answered"}', 5] } },
  'Mean inference time': { unit: 's', lines: { A: [A, 0.25] } },
  Memory: {
    unit: 'bytes',
    lines: { 'metrics m': ['process_resident_memory_bytes{job="metrics",instance="m"}', 1024] },
  },
  'Runs ended': {
    unit: 'short',
    lines: { kept: ['{outcome="kept"}', 12 * STEP], skipped: ['{outcome="skipped"}', 0] },
  },
  'Time of one run': { unit: 's', lines: { median: ['{}', 1.5], '95 %': ['{}', 3] } },
};

/** Columns of the tables, by query. */
const TABLES: Readonly<Record<string, Readonly<Record<string, readonly (readonly [string, number])[]>>>> = {
  Champions: {
    champions: [['model_info{job="metrics",symbol="A",version="3",sha256="ab"}', 1]],
    trainedAt: [[A, 100_000]],
    promotedAt: [[A, 200_000]],
  },
  'Runs by outcome and reason': {
    runs: [
      ['{outcome="kept",reason="fresh"}', NOW],
      ['{outcome="kept",reason="cooldown"}', 2 * NOW],
    ],
  },
};

const [dashboard] = committedDashboards();
const panels = dashboard!.panels.filter(({ type }) => type !== 'row');
const interpolated = (expr: string): string => expr.replaceAll(/\$\w+/g, (name) => VARIABLES[name]!);

/** A legend with the labels of a sample put in, as Grafana does. */
function legendOf(template: string, labels: string): string {
  const values = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values.get(name) ?? '?');
}

test('each panel answers the question of its title, under the right legend and in the right unit', () => {
  assert.deepEqual(panels.map(({ title }) => title).sort(), [...Object.keys(ANSWERS), ...Object.keys(TABLES)].sort());
  for (const { title, fieldConfig, targets = [] } of panels) {
    const answer = ANSWERS[title];
    if (answer === undefined) continue;
    assert.equal(fieldConfig?.defaults.unit, answer.unit, title);
    // Every line has exactly one query whose legend can give it.
    for (const [legend, [labels]] of Object.entries(answer.lines)) {
      const giving = targets.filter(({ legendFormat = '' }) => legendOf(legendFormat, labels) === legend);
      assert.equal(giving.length, 1, `${title}: ${legend}`);
    }
  }
});

test('promtool: every query of a panel gives the figures that its legend names', skipWithout('promtool'), () => {
  const tests = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr, legendFormat = '' }) => {
      const samples =
        TABLES[title]?.[refId] ??
        Object.entries(ANSWERS[title]!.lines)
          .filter(([legend, [labels]]) => legendOf(legendFormat, labels) === legend)
          .map(([, sample]) => sample);
      assert.ok(samples.length > 0, `${title}: nothing is known of ${refId}`);
      return {
        expr: interpolated(expr),
        eval_time: `${NOW}s`,
        exp_samples: samples.map(([labels, value]) => ({ labels, value })),
      };
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'panels-'));
  const file = join(folder, 'panels.yml');
  writeFileSync(
    file,
    stringify({
      evaluation_interval: `${STEP}s`,
      tests: [{ interval: `${STEP}s`, input_series: INPUT, promql_expr_test: tests }],
    }),
  );
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stdout + stderr);
});

/** The alert that fires where a panel turns red. */
const RED_AS: Readonly<Record<string, string>> = {
  'Newest day of data': 'DataStale',
  'Last good run': 'RunOverdue',
  'Model last validated': 'ModelNotValidated',
  'Skill against naive': 'WorseThanNaive',
  'Coverage of the 90 % bands': 'BandsTooNarrow',
  'Time of one prediction': 'PredictionsSlow',
};

function stepsOf(title: string): readonly (readonly [number | null, string])[] {
  const { thresholds } = panels.find((panel) => panel.title === title)!.fieldConfig!.defaults;
  assert.equal(thresholds?.mode, 'absolute', title);
  return thresholds.steps.map(({ value, color }) => [value, color]);
}

test('a panel is red where its alert fires and green elsewhere', () => {
  for (const [title, name] of Object.entries(RED_AS)) {
    const { expr } = alertRules().find(({ alert }) => alert === name)!;
    const [, comparison, limit] = / ([<>]) (-?[\d.]+)/.exec(expr)!;
    const [below, from] = comparison === '>' ? ['green', 'red'] : ['red', 'green'];
    assert.deepEqual(
      stepsOf(title),
      [
        [null, below],
        [Number(limit), from],
      ],
      title,
    );
  }
  for (const [title, below, limit, from] of [
    ['Services', 'red', 1, 'green'],
    ['Collectors', 'red', 1, 'green'],
    ['Alerts firing', 'green', 1, 'red'],
    ['Bars held back', 'green', 1, 'red'],
    ['Verdict of the last check', 'green', 1, 'orange'],
    ['Detectors against their limits', 'green', 1, 'orange'],
  ] as const) {
    const steps = [
      [null, below],
      [limit, from],
    ];
    assert.deepEqual(stepsOf(title), steps, title);
  }
});

test('the verdict is said in words, and one that could not be reached is never "stable"', () => {
  const { mappings } = panels.find(({ title }) => title === 'Verdict of the last check')!.fieldConfig!.defaults;
  const words = mappings!.flatMap(({ type, options }) =>
    type === 'value'
      ? Object.entries(options as Record<string, { text: string }>).map(([value, { text }]) => [value, text])
      : [[String(options['match']), (options['result'] as { text: string }).text]],
  );
  assert.deepEqual(Object.fromEntries(words), { 0: 'stable', 1: 'drifted', 'null+nan': 'undetermined' });
});

test('what is shown as it is now is asked as it is now, and what is drawn over time over the range', () => {
  for (const { title, type, targets = [], options } of panels) {
    for (const { refId, instant, range, format } of targets) {
      const now = type !== 'timeseries';
      assert.deepEqual([instant, range], [now, !now], `${title}: ${refId}`);
      assert.equal(format, type === 'table' ? 'table' : undefined, `${title}: ${refId}`);
    }
    if (type === 'stat') assert.deepEqual(options?.reduceOptions?.calcs, ['lastNotNull'], title);
  }
});

test('the table of champions joins by series and shows times as times, each under its own name', () => {
  const { transformations, fieldConfig } = panels.find(({ title }) => title === 'Champions') as Panel;
  const byId = Object.fromEntries(transformations!.map(({ id, options }) => [id, options]));
  assert.equal(byId['joinByField']?.['byField'], 'symbol');
  assert.deepEqual(byId['organize']?.['renameByName'], {
    'Value #trainedAt': 'trained',
    'Value #promotedAt': 'promoted',
  });
  const [override] = fieldConfig!.overrides;
  const shownAsTime = new RegExp(override!.matcher.options);
  for (const name of ['trained', 'promoted']) assert.match(name, shownAsTime);
  for (const name of ['symbol', 'version', 'sha256']) assert.doesNotMatch(name, shownAsTime);
  assert.deepEqual(override!.properties, [{ id: 'unit', value: 'dateTimeAsIso' }]);
});

test('promotions are marked at the moment they happened, and a series or all can be chosen', () => {
  const [promotions] = dashboard!.annotations.list;
  assert.equal(promotions?.target.expr, 'model_promoted_timestamp_seconds{symbol=~"$symbol"} * 1000');
  assert.equal(promotions.expr, promotions.target.expr);
  assert.equal(promotions.useValueForTime, true);
  const [symbol] = dashboard!.templating.list;
  assert.deepEqual(
    [symbol?.name, symbol?.query, symbol?.includeAll, symbol?.multi, symbol?.allValue, symbol?.current?.value],
    ['symbol', 'label_values(data_last_day_timestamp_seconds, symbol)', true, true, '.*', '$__all'],
  );
});

test('probabilities and shares are drawn up to 1, days are those of UTC, and the level is the one the bands are made for', () => {
  for (const [title, least] of [
    ['p-value, calibrated and plain', 0],
    ['KS statistic', 0],
    ['Coverage of the 90 % bands', undefined],
  ] as const) {
    const { min, max } = panels.find((panel) => panel.title === title)!.fieldConfig!.defaults;
    assert.deepEqual([min, max], [least, 1], title);
  }
  assert.equal(dashboard!.timezone, 'utc');
  assert.equal(LEVEL, BAND_LEVEL);
});
