/** Every PromQL expression of the dashboard, apart from how it is drawn. */

const OF_SYMBOL = 'symbol=~"$symbol"';
const SERVICES = 'job=~"shepherd|estimator|metrics"';
/** The metrics service reads the fleet's prediction log, so its histogram survives restarts and counts every replica once. */
const LOGGED = `job="metrics",${OF_SYMBOL}`;

const of = (metric: string): string => `${metric}{${OF_SYMBOL}}`;
const ageOf = (metric: string): string => `time() - ${of(metric)}`;
const latency = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (rate(predict_duration_seconds_bucket{${LOGGED}}[$__rate_interval])))`;
const runDuration = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (rate(shepherd_run_duration_seconds_bucket{job="metrics"}[$__range])))`;

export const QUERIES = {
  firingAlerts: 'count(ALERTS{alertstate="firing"}) or vector(0)',
  servicesUp: `min by (job) (up{${SERVICES}})`,
  collectors: 'min by (collector) (collector_success)',
  dataAge: ageOf('data_last_day_timestamp_seconds'),
  runAge: ageOf('shepherd_last_success_timestamp_seconds'),
  heldBars: `sum by (symbol) (${of('shepherd_bars_held_back')})`,
  validatedAge: ageOf('model_last_validated_timestamp_seconds'),

  driftDetected: of('drift_detected'),
  driftCheckAge: ageOf('drift_last_check_timestamp_seconds'),
  driftStatistic: of('drift_ks_statistic'),
  driftCalibratedP: of('drift_ks_calibrated_p_value'),
  driftPlainP: of('drift_ks_p_value'),
  driftThresholdP: of('drift_ks_threshold_p_value'),
  // The limit of each detector is its own; their quotient is 1 where it alarms.
  driftDetectors: `${of('drift_detector_statistic')} / ${of('drift_detector_limit')}`,

  skill: of('forecast_skill_ratio'),
  mse: of('forecast_mse'),
  naiveMse: of('forecast_naive_mse'),
  holdoutMse: of('model_holdout_mse'),
  mae: of('forecast_mae'),
  mape: of('forecast_mape_ratio'),
  crps: of('forecast_crps'),
  coverage: of('forecast_coverage_ratio'),
  scored: of('forecast_predictions_scored_total'),

  latencyMedian: latency(0.5),
  latency95: latency(0.95),
  latency99: latency(0.99),
  meanLatency:
    `sum by (symbol) (rate(predict_duration_seconds_sum{${LOGGED}}[$__rate_interval])) / ` +
    `sum by (symbol) (rate(predict_duration_seconds_count{${LOGGED}}[$__rate_interval]))`,
  requests: 'sum by (outcome) (rate(predict_requests_total{job="estimator"}[$__rate_interval]))',
  memory: `process_resident_memory_bytes{${SERVICES}}`,

  runs: 'sum by (outcome, reason) (shepherd_runs_total{job="metrics"}) > 0',
  // Summed first: the counter is read from the ledger and never restarts, but a reason not met before is a new series.
  runsOverTime: 'increase(sum by (outcome) (shepherd_runs_total{job="metrics"})[$__rate_interval:])',
  runDurationMedian: runDuration(0.5),
  runDuration95: runDuration(0.95),
  champions: `model_info{job="metrics",${OF_SYMBOL}}`,
  trainedAt: `${of('model_trained_timestamp_seconds')} * 1000`,
  promotedAt: `${of('model_promoted_timestamp_seconds')} * 1000`,
} as const;

export type QueryName = keyof typeof QUERIES;
