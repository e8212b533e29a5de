/** Every PromQL expression of the boards, apart from how it is drawn. */

const SERVICES = 'job=~"shepherd|estimator|metrics"';
const OF_SYMBOL = 'symbol="$symbol"';

const latency = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (rate(shepherd_http_request_duration_seconds_bucket{job="estimator",route="/predict"}[$__rate_interval])))`;

export const QUERIES = {
  firingAlerts: 'count(ALERTS{alertstate="firing"}) or vector(0)',
  alerts: 'sum by (alertname, severity, symbol, job) (ALERTS{alertstate="firing"}) or vector(0)',
  seriesCount: 'count(shepherd_series_info)',
  heldBars: 'sum(shepherd_bars_held_back)',
  silentFeeds: 'count(shepherd_missed_trading_days >= 1) or vector(0)',
  driftedSeries: 'count(shepherd_drift_detected == 1) or vector(0)',
  budgetSpent: 'topk(20, shepherd_retrain_budget_spent / shepherd_retrain_budget_allowed)',
  // Summed first: the counter is read from the ledger and never restarts, but a reason not met before is a new series.
  runsOverTime: 'increase(sum by (outcome) (shepherd_runs_total{job="metrics"})[$__rate_interval:])',
  failedRuns: 'increase(sum(shepherd_runs_total{job="metrics",outcome="failed"})[1d:])',
  pending: 'sum by (state) (shepherd_runs_pending)',

  missedDays: `shepherd_missed_trading_days{${OF_SYMBOL}}`,
  runAge: `time() - shepherd_last_success_timestamp_seconds{${OF_SYMBOL}}`,
  validatedAge: `time() - shepherd_model_last_validated_timestamp_seconds{${OF_SYMBOL}}`,
  seriesHeld: `sum(shepherd_bars_held_back{${OF_SYMBOL}})`,
  seriesBudget: `shepherd_retrain_budget_allowed{${OF_SYMBOL}} - shepherd_retrain_budget_spent{${OF_SYMBOL}}`,

  servicesUp: `min by (job) (up{${SERVICES}})`,
  databaseUp: 'min(shepherd_estimator_database_up)',
  collectors: 'sum(shepherd_collector_success == bool 0)',
  record: 'sum(shepherd_record_broken_leaves)',
  rate: 'sum by (route) (rate(shepherd_http_request_duration_seconds_count[$__rate_interval]))',
  errors:
    'sum by (route, status) (rate(shepherd_http_request_duration_seconds_count{status=~"[45]xx"}[$__rate_interval]))',
  duration:
    'histogram_quantile(0.95, sum by (route, le) (rate(shepherd_http_request_duration_seconds_bucket[$__rate_interval])))',
  requests: 'sum by (outcome) (rate(shepherd_predict_requests_total{job="estimator"}[$__rate_interval]))',
  latencyMedian: latency(0.5),
  latency99: latency(0.99),
  // From the log that all estimators write, so it survives their restarts.
  meanInference:
    'sum by (symbol) (rate(shepherd_prediction_log_duration_seconds_sum[$__rate_interval])) / ' +
    'sum by (symbol) (rate(shepherd_prediction_log_duration_seconds_count[$__rate_interval]))',
  errorBurn: 'shepherd:predict_failed:ratio1h / 0.005',
  slowBurn: 'shepherd:predict_slow:ratio1h / 0.01',
  eventLoop: `nodejs_eventloop_lag_p99_seconds{${SERVICES}}`,
  memory: `process_resident_memory_bytes{${SERVICES}}`,
  processor: `rate(process_cpu_seconds_total{${SERVICES}}[$__rate_interval])`,
  collectorSeconds: 'max by (collector) (shepherd_collector_duration_seconds)',
  scrapeSeconds: `scrape_duration_seconds{${SERVICES}}`,
  scrapeSamples: `scrape_samples_scraped{${SERVICES}}`,
} as const;

export type QueryName = keyof typeof QUERIES;
