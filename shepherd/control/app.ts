import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { installErrorAnswers } from '../../service/errorAnswers.ts';
import { healthRoute } from '../../service/healthRoute.ts';
import type { Log } from '../../service/log.ts';
import { metricsRoute } from '../../service/metricsRoute.ts';
import { requireToken } from './authorize.ts';
import { registerRoutes, type ControlActions } from './routes.ts';
import { registerTraining } from './train.ts';

export interface ControlOptions {
  readonly actions: ControlActions;
  /** Control routes answer 403 without one. */
  readonly token: string | undefined;
  readonly registry: Registry;
  readonly log: Pick<Log, 'error'>;
}

const MEGABYTE = 1_048_576;
const REQUESTS_A_MINUTE = 120;

/** The control service: health and metrics for anyone, everything that acts behind the bearer token. */
export async function createControlApp({ actions, token, registry, log }: ControlOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: MEGABYTE,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  await app.register(helmet);
  await app.register(rateLimit, {
    max: REQUESTS_A_MINUTE,
    allowList: (request) => request.url === '/health' || request.url === '/metrics',
  });
  await app.register(multipart, {
    limits: { fileSize: 16 * MEGABYTE, files: 1, fields: 8, fieldSize: 16_384, parts: 10 },
  });

  installErrorAnswers(app, {
    log,
    directions:
      'POST /pull, /retrain, /rollback, /promote, /pin, /unpin, /requeue, /train, /quarantine/accept, /quarantine/reject, GET /runs and /quarantine are',
  });
  await app.register(healthRoute);
  await app.register(metricsRoute, { registry });
  await app.register((scope, _options, done) => {
    scope.addHook('onRequest', requireToken(token));
    registerRoutes(scope, actions);
    registerTraining(scope, actions);
    done();
  });
  return app;
}
