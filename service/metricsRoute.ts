import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

export interface MetricsRouteOptions {
  /** What this process counts of itself. */
  readonly registry: Registry;
  /** More of the exposition, put before it; read at each scrape. */
  readonly alsoExpose?: () => Promise<string>;
}

/** `GET /metrics`: the process's own metrics as Prometheus reads them. */
export function metricsRoute(
  app: FastifyInstance,
  { registry, alsoExpose }: MetricsRouteOptions,
  done: () => void,
): void {
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['health'],
        summary: 'Metrics as Prometheus reads them',
        response: {
          200: { description: 'The text exposition.', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
      serializerCompiler: () => String, // the text is ready
    },
    async (_request, reply) => {
      const [more, own] = await Promise.all([alsoExpose?.() ?? '', registry.metrics()]);
      return reply.type(registry.contentType).send(more === '' ? own : `${more}\n${own}`);
    },
  );
  done();
}
