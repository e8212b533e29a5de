import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';

const Alive = Type.Object({ status: Type.Literal('alive') }, { examples: [{ status: 'alive' }] });

/** `GET /health`: the process answers. Whether it can do its work is another question, asked at `/ready` where there is one. */
export function healthRoute(app: FastifyInstance, _options: object, done: () => void): void {
  app.get('/health', { schema: { tags: ['health'], summary: 'Alive', response: { 200: Alive } } }, () => ({
    status: 'alive',
  }));
  done();
}
