import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';

/** What the page may have done; everything else is asked of the control service itself. */
const ACTS = ['retrain', 'rollback', 'pin', 'unpin', 'quarantine/accept', 'quarantine/reject'] as const;

const PATIENCE_MS = 20_000;

export interface ControlRouteOptions {
  /** Where the control service listens. */
  readonly controlUrl: string;
}

/**
 * Passes what the page asks of the control service on to it, with the caller's own token and nothing added: a page may then act without a
 * second origin, and the control service needs no port that a browser can reach.
 */
export function controlRoutes(app: FastifyInstance, { controlUrl }: ControlRouteOptions, done: () => void): void {
  const ask = async (path: string, authorization: string | undefined, body?: string) => {
    const headers = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const init = body === undefined ? { headers, signal } : { method: 'POST', headers, body, signal };
      const answer = await fetch(`${controlUrl}/${path}`, init);
      return { status: answer.status, text: await answer.text() };
    } catch {
      throw new ShepherdError('OVERLOADED', 'The control service does not answer just now; try again in a moment.');
    }
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, parsed) => {
    parsed(null, body);
  });
  for (const act of ACTS) {
    app.post<{ Body: string }>(`/control/${act}`, { schema: { hide: true } }, async (request, reply) => {
      const { status, text } = await ask(act, request.headers.authorization, request.body);
      return reply.code(status).type('application/json').send(text);
    });
  }
  app.get<{ Querystring: { symbol: string } }>(
    '/control/quarantine',
    { schema: { hide: true, querystring: Type.Object({ symbol: Type.String({ minLength: 1, maxLength: 64 }) }) } },
    async ({ headers, query }, reply) => {
      const { status, text } = await ask(`quarantine?${new URLSearchParams(query).toString()}`, headers.authorization);
      return reply.code(status).type('application/json').send(text);
    },
  );
  done();
}
