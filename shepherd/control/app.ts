import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { ShepherdError } from '../../core/errors.ts';
import type { Log } from '../log.ts';
import { requireToken } from './authorize.ts';
import { registerRoutes, type ControlActions } from './routes.ts';
import { registerTraining } from './train.ts';

export interface ControlOptions {
  readonly actions: ControlActions;
  /** Control routes answer 403 without one. */
  readonly token: string | undefined;
  readonly registry: Registry;
  readonly log: Log;
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

  app.setErrorHandler((error: FastifyError | ShepherdError, _request, reply) => {
    if (error instanceof ShepherdError) {
      return reply.code(error.httpStatus).send({ error: error.message, code: error.code });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      log.error('A control request failed.', error);
      return reply
        .code(500)
        .send({ error: 'Something failed here; the log of the shepherd says what.', code: 'INTERNAL' });
    }
    return reply
      .code(status)
      .send({ error: sentenceOf(error), code: status === 429 ? 'TOO_MANY_REQUESTS' : 'INVALID_INPUT' });
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: `There is no ${request.method} ${request.url.split('?')[0]!} here.`, code: 'NOT_FOUND' }),
  );

  app.get('/health', () => ({ status: 'alive' }));
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  await app.register((scope, _options, done) => {
    scope.addHook('onRequest', requireToken(token));
    registerRoutes(scope, actions);
    registerTraining(scope, actions);
    done();
  });
  return app;
}

function sentenceOf(error: FastifyError): string {
  return error.validation === undefined ? error.message : `The request is not valid: ${error.message}.`;
}
