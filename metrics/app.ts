import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { ShepherdError } from '../core/errors.ts';
import type { Client } from '../db/connection/client.ts';
import { createCollection } from './collection.ts';
import type { Collector } from './collection.ts';
import { render } from './exposition.ts';
import type { Log } from './log.ts';
import { summarise } from './summary.ts';

export interface AppOptions {
  readonly client: Client;
  readonly collectors: readonly Collector[];
  readonly log: Log;
}

/** The exporter's routes, not yet listening. */
export function buildApp({ client, collectors, log }: AppOptions): FastifyInstance {
  const app = fastify({ logger: false });
  const collect = createCollection({ collectors, client, log, now: () => performance.now() });
  const ownProcess = new Registry();
  collectDefaultMetrics({ register: ownProcess });

  app.get('/metrics', async (_, reply) => {
    const [fromDatabase, ofProcess] = await Promise.all([collect().then(render), ownProcess.metrics()]);
    return reply.type(ownProcess.contentType).send(`${fromDatabase}\n${ofProcess}`);
  });
  app.get('/summary', () => summarise(client));
  app.get('/health', () => ({ status: 'healthy' }));

  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: `There is nothing at ${request.url.slice(0, 100)}; this service answers /metrics, /summary and /health.`,
      code: 'NOT_FOUND',
    }),
  );
  app.setErrorHandler((error, _, reply) => {
    if (error instanceof ShepherdError)
      return reply.code(error.httpStatus).send({ error: error.message, code: error.code });
    log.error('A request failed.', error);
    return reply.code(500).send({ error: 'The service failed; its log says why.', code: 'INTERNAL' });
  });
  return app;
}
