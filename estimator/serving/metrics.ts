import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** How a prediction request ended. */
export const OUTCOMES = ['answered', 'refused', 'overloaded', 'failed'] as const;
export type RequestOutcome = (typeof OUTCOMES)[number];

/** 100 µs to 5 s, about three to a decade. */
const SECONDS = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type EstimatorMetrics = ReturnType<typeof createMetrics>;

/** The estimator's own metrics in a registry of its own, so that two estimators in one process do not meet. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: 'shepherd_predict_requests_total',
    help: 'Prediction requests by how they ended.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of OUTCOMES) requests.inc({ outcome }, 0);
  return {
    registry,
    requests,
    duration: new Histogram({
      name: 'shepherd_predict_duration_seconds',
      help: 'Seconds from the arrival of a prediction request to its answer.',
      labelNames: ['symbol'] as const,
      buckets: SECONDS,
      registers,
    }),
    loadFailures: new Counter({
      name: 'shepherd_estimator_model_load_failures_total',
      help: 'Promoted models that failed a check; the model before them went on answering.',
      registers,
    }),
    switches: new Counter({
      name: 'shepherd_estimator_model_switches_total',
      help: 'Models put into service since the start.',
      registers,
    }),
    logDropped: new Counter({
      name: 'shepherd_estimator_prediction_log_dropped_total',
      help: 'Predictions that were answered but could not be kept, because the database was away for too long.',
      registers,
    }),
    logRefused: new Counter({
      name: 'shepherd_estimator_prediction_log_refused_total',
      help: 'Predictions that were answered but that the database refused to store; each was set aside alone.',
      registers,
    }),
    databaseUp: new Gauge({
      name: 'shepherd_estimator_database_up',
      help: '1 when the last question to the database was answered.',
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'shepherd_http_request_duration_seconds',
      help: 'Seconds of a request by route and class of status (2xx, 4xx, 5xx).',
      labelNames: ['route', 'status'] as const,
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    activeModel: new Gauge({
      name: 'shepherd_estimator_model_info',
      help: 'The model in service, always 1.',
      labelNames: ['symbol', 'version'] as const,
      registers,
    }),
  };
}

/** Names as they were before the prefix, exported beside the new ones for one release. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  shepherd_predict_requests_total: 'predict_requests_total',
  shepherd_predict_duration_seconds: 'predict_duration_seconds',
  shepherd_estimator_model_load_failures_total: 'estimator_model_load_failures_total',
  shepherd_estimator_model_switches_total: 'estimator_model_switches_total',
  shepherd_estimator_prediction_log_dropped_total: 'estimator_prediction_log_dropped_total',
  shepherd_estimator_prediction_log_refused_total: 'estimator_prediction_log_refused_total',
  shepherd_estimator_database_up: 'estimator_database_up',
  shepherd_estimator_model_info: 'estimator_model_info',
};

/** The exposition under the former names. */
export async function exposeFormerNames({ registry }: EstimatorMetrics): Promise<string> {
  const texts = await Promise.all(
    Object.entries(FORMER_NAMES).map(async ([name, former]) =>
      (await registry.getSingleMetricAsString(name)).replaceAll(name, former),
    ),
  );
  return texts.join('\n');
}
