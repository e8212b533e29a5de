import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Client } from '../db/connection/client.ts';
import { installErrorAnswers, SAME_SHAPE } from '../service/errorAnswers.ts';
import { healthRoute } from '../service/healthRoute.ts';
import type { Log } from '../service/log.ts';
import { metricsRoute } from '../service/metricsRoute.ts';
import { createCollection } from './collection.ts';
import type { Collector } from './collection.ts';
import { render } from './exposition.ts';
import { withPrefix } from './prefixed.ts';
import { summarise } from './summary.ts';

export interface AppOptions {
  readonly client: Client;
  readonly collectors: readonly Collector[];
  readonly log: Pick<Log, 'note' | 'error'>;
}

/** The exporter's routes, not yet listening. */
export async function buildApp({ client, collectors, log }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({ logger: false, ...SAME_SHAPE });
  installErrorAnswers(app, { log, directions: 'this service answers /metrics, /summary and /health' });
  const collect = createCollection({ collectors, client, log, now: () => performance.now() });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  await app.register(healthRoute);
  await app.register(metricsRoute, { registry, alsoExpose: async () => render(withPrefix(await collect())) });
  app.get('/summary', () => summarise(client));
  return app;
}
