import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import fastify, { type FastifyInstance } from 'fastify';
import { installErrorAnswers, SAME_SHAPE } from '../service/errorAnswers.ts';
import { installDocumentation } from '../service/documentation.ts';
import { healthRoute } from '../service/healthRoute.ts';
import type { Log } from '../service/log.ts';
import { metricsRoute } from '../service/metricsRoute.ts';
import type { EstimatorConfig } from './config.ts';
import { ignoreBodies, readJsonBodies } from './plugins/bodies.ts';
import { installSecurityHeaders } from './plugins/securityHeaders.ts';
import { controlRoutes } from './routes/control.ts';
import { healthRoutes } from './routes/health.ts';
import { modelRoutes } from './routes/models.ts';
import { openInferenceRoutes } from './routes/openInference.ts';
import { pageRoutes } from './routes/page.ts';
import { predictRoutes } from './routes/predict.ts';
import { riskRoutes } from './routes/risk.ts';
import { tableRoutes } from './routes/tables.ts';
import { createAdmission } from './serving/admission.ts';
import type { Health } from './serving/health.ts';
import { exposeFormerNames, type EstimatorMetrics, type RequestOutcome } from './serving/metrics.ts';
import type { Records } from './serving/records.ts';
import type { Recorder } from './serving/recorder.ts';
import type { Serving } from './serving/serving.ts';
import type { Tables } from './serving/tables.ts';

export interface AppOptions {
  readonly config: Pick<EstimatorConfig, 'bodyLimitBytes' | 'rateLimitPerMinute' | 'trustProxy' | 'controlUrl'>;
  readonly serving: Serving;
  readonly records: Records;
  readonly recorder: Recorder;
  readonly tables: Tables;
  readonly health: Health;
  readonly metrics: EstimatorMetrics;
  readonly log: Log;
  /** Mean lateness of the event loop, in milliseconds, from which requests are turned away. */
  readonly maxLatenessMs?: number;
}

const DOCUMENTATION = {
  title: 'Shepherd estimator',
  about:
    'Forecasts of daily series by the model that is live just now, each beside the naive forecast, with a band whose realised ' +
    'coverage is stated and with the recent record of the model. What acts (a pull, a training, a promotion) is asked of the ' +
    'control service, whose own document is at `/docs` of its port (`SHEPHERD_PORT`, 5001 unless chosen).',
  tags: [
    { name: 'predict', description: 'Forecasts' },
    { name: 'models', description: 'What answers, and why' },
    { name: 'v2', description: 'Open Inference Protocol, version 2' },
    { name: 'health', description: 'For watchers' },
  ],
};

const SECOND = 1_000;

/** Time for a request to arrive whole; slow senders are answered 408. */
const REQUEST_TIMEOUT_MS = 30 * SECOND;
/** Beyond this many the kernel's own queue is full as well, and a caller is better told to come back. */
const MAX_CONNECTIONS = 2_000;
/** Ordinary load stays below 50 ms. */
const MAX_LATENESS_MS = SECOND;

/** The estimator as an application: everything it needs is handed in, and it listens only when told to. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, metrics } = options;
  const app = fastify({
    // Requests are not logged one by one; a failure is, by the error handler.
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    ...SAME_SHAPE,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  ignoreBodies(app);
  installErrorAnswers(app, { log: options.log, directions: 'GET /docs lists what there is' });
  await installSecurityHeaders(app);
  await app.register(rateLimit, {
    max: config.rateLimitPerMinute,
    timeWindow: 60 * SECOND,
    allowList: (request) => UNLIMITED.has(request.url),
    // Retry-After says what a caller needs; three more headers on every answer cost a tenth of the throughput.
    addHeadersOnExceeding: NO_LIMIT_HEADERS, // on answers within the limit, in spite of its name
    addHeaders: NO_LIMIT_HEADERS,
  });
  await installDocumentation(app, DOCUMENTATION);
  app.addHook('onResponse', (request, reply, done) => {
    // By the route as it is declared, so that no caller can make up labels.
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpSeconds.observe(
      { route, status: `${Math.trunc(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1_000,
    );
    done();
  });

  const admission = createAdmission({ running: 2, waiting: 32 });
  await app.register(healthRoute);
  await app.register(healthRoutes, options);
  await app.register(metricsRoute, { registry: metrics.registry, alsoExpose: () => exposeFormerNames(metrics) });
  await app.register(modelRoutes, options);
  await app.register(riskRoutes, options);
  await app.register(pageRoutes, { ...options, admission });
  await app.register(controlRoutes, { controlUrl: config.controlUrl });
  await app.register(async (scope) => {
    await scope.register(underPressure, { maxEventLoopDelay: options.maxLatenessMs ?? MAX_LATENESS_MS });
    readJsonBodies(scope);
    await scope.register(multipart, {
      limits: { files: 1, fields: 5, parts: 6, fieldSize: 1_000, fieldNameSize: 100, headerPairs: 50 },
    });
    scope.addHook('onResponse', (_request, reply, done) => {
      metrics.requests.inc({ outcome: outcomeOf(reply.statusCode) });
      done();
    });
    predictRoutes(scope, { ...options, admission });
    tableRoutes(scope, { ...options, admission });
    await scope.register(openInferenceRoutes, { ...options, admission });
  });
  return app;
}

const NO_LIMIT_HEADERS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };

/** What watchers ask for must be answered however busy their address is. */
const UNLIMITED: ReadonlySet<string> = new Set(['/health', '/health-check', '/ready', '/metrics']);

function outcomeOf(status: number): RequestOutcome {
  if (status < 400) return 'answered';
  if (status === 503) return 'overloaded';
  return status < 500 ? 'refused' : 'failed';
}
