import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { installErrorAnswers, SAME_SHAPE } from '../../service/errorAnswers.ts';
import { installDocumentation } from '../../service/documentation.ts';
import { healthRoute } from '../../service/healthRoute.ts';
import type { Log } from '../../service/log.ts';
import { metricsRoute } from '../../service/metricsRoute.ts';
import type { TSchema } from '@sinclair/typebox';
import { checked } from '../../service/request/checked.ts';
import { readJsonStrictly } from '../../service/request/jsonBody.ts';
import { requireToken } from './authorize.ts';
import { installIdempotency, type KeyedAnswers } from './idempotency.ts';
import { registerRoutes, type ControlActions } from './routes.ts';
import { registerTables } from './tables.ts';
import { registerTraining } from './train.ts';

export interface ControlOptions {
  readonly actions: ControlActions;
  readonly answers: KeyedAnswers;
  /** Control routes answer 403 without one. */
  readonly token: string | undefined;
  /** Largest request body, an uploaded file included. */
  readonly bodyLimitBytes: number;
  readonly registry: Registry;
  readonly log: Pick<Log, 'error'>;
  /** From one address. */
  readonly requestsPerMinute?: number;
}

const DOCUMENTATION = {
  title: 'Shepherd control',
  about:
    'What acts on the flock: pulls, runs, promotions and held bars. Each act is stored with its reason and as done `by` the token. ' +
    'Forecasts are answered by the estimator, on its own port.',
  tags: [
    { name: 'control', description: 'Acts, and what they act on' },
    { name: 'health', description: 'For watchers' },
  ],
  bearer: 'The value of SHEPHERD_TOKEN.',
};

const REQUESTS_A_MINUTE = 120;

/** What a fault of a whole part is told of. */
const PARTS: Readonly<Record<string, string>> = {
  body: 'The body',
  querystring: 'The query',
  headers: 'The head of the request',
};

/** The control service: health and metrics for anyone, everything that acts behind the bearer token. */
export async function createControlApp(options: ControlOptions): Promise<FastifyInstance> {
  const { actions, answers, token, bodyLimitBytes, registry, log, requestsPerMinute = REQUESTS_A_MINUTE } = options;
  const app = fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    ...SAME_SHAPE,
  });
  readJsonStrictly(app);
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const check = checked(schema, PARTS[httpPart ?? 'body']);
    return (value: unknown) => {
      check(value);
      return true;
    };
  });
  await app.register(helmet, {
    // It speaks plain HTTP behind whatever ends TLS; asking browsers to upgrade would break its document there.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    allowList: (request) => request.url === '/health' || request.url === '/metrics',
  });
  await app.register(multipart, {
    limits: { fileSize: bodyLimitBytes, files: 1, fields: 8, fieldSize: 16_384, parts: 10 },
  });

  installErrorAnswers(app, {
    log,
    directions: 'GET /docs lists what there is',
  });
  await installDocumentation(app, DOCUMENTATION);
  await app.register(healthRoute);
  await app.register(metricsRoute, { registry });
  await app.register((scope, _options, done) => {
    scope.addHook('onRequest', requireToken(token));
    installIdempotency(scope, answers, log);
    registerRoutes(scope, actions);
    registerTraining(scope, actions);
    registerTables(scope, actions);
    done();
  });
  return app;
}
