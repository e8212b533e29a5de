import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ReadySchema } from '../schemas/health.ts';
import type { Health } from '../serving/health.ts';

const Healthy = Type.Object({ status: Type.Literal('healthy') }, { examples: [{ status: 'healthy' }] });

/** Whether the estimator is alive, and whether it can answer. */
export function healthRoutes(app: FastifyInstance, { health }: { health: Health }, done: () => void): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/health-check',
    schema: { tags: ['health'], summary: 'Alive', response: { 200: Healthy } },
    // Before any body is looked at: nothing a caller sends can make it fail.
    onRequest: async (_request, reply) => reply.send({ status: 'healthy' }),
    handler: () => ({ status: 'healthy' }),
  });
  app.get(
    '/ready',
    {
      schema: {
        tags: ['health'],
        summary: 'A champion is loaded and answers',
        response: { 200: ReadySchema, 503: ReadySchema },
      },
    },
    (_request, reply) => {
      const state = health();
      return reply.code(state.status === 'ready' ? 200 : 503).send(state);
    },
  );
  done();
}
