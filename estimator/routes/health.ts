import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { Health } from '../serving/health.ts';

const Healthy = Type.Object({ status: Type.Literal('healthy') }, { examples: [{ status: 'healthy' }] });

export const ReadySchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
    reason: Type.Optional(Type.String()),
    models: Type.Array(Type.Object({ symbol: Type.String(), version: Type.Integer(), asOf: Type.String() })),
    faults: Type.Array(Type.Object({ symbol: Type.String(), version: Type.Integer(), reason: Type.String() }), {
      description: 'Promoted models that failed a check; the model before them still answers.',
    }),
    database: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    predictionLog: Type.Object({ waiting: Type.Integer(), dropped: Type.Integer() }),
  },
  { title: 'Ready' },
);

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
