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
    name: 'predict_requests_total',
    help: 'Prediction requests by how they ended.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of OUTCOMES) requests.inc({ outcome }, 0);
  return {
    registry,
    requests,
    duration: new Histogram({
      name: 'predict_duration_seconds',
      help: 'Seconds from the arrival of a prediction request to its answer.',
      labelNames: ['symbol'] as const,
      buckets: SECONDS,
      registers,
    }),
    loadFailures: new Counter({
      name: 'estimator_model_load_failures_total',
      help: 'Promoted models that failed a check; the model before them went on answering.',
      registers,
    }),
    switches: new Counter({
      name: 'estimator_model_switches_total',
      help: 'Models put into service since the start.',
      registers,
    }),
    logDropped: new Counter({
      name: 'estimator_prediction_log_dropped_total',
      help: 'Predictions that were answered but could not be kept, because the database was away for too long.',
      registers,
    }),
    logRefused: new Counter({
      name: 'estimator_prediction_log_refused_total',
      help: 'Predictions that were answered but that the database refused to store; each was set aside alone.',
      registers,
    }),
    databaseUp: new Gauge({
      name: 'estimator_database_up',
      help: '1 when the last question to the database was answered.',
      registers,
    }),
    activeModel: new Gauge({
      name: 'estimator_model_info',
      help: 'The model in service, always 1.',
      labelNames: ['symbol', 'version'] as const,
      registers,
    }),
  };
}
