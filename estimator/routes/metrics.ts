import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** The estimator's own metrics as Prometheus reads them. */
export function metricsRoute(app: FastifyInstance, { registry }: { registry: Registry }, done: () => void): void {
  app.get(
    '/metrics',
    { schema: { tags: ['health'], summary: 'Metrics as Prometheus reads them' } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
  done();
}
