import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseJson } from './json.ts';

type JsonParser = (request: FastifyRequest, text: string, done: (error: Error | null, body?: unknown) => void) => void;

/**
 * Fastify's own JSON parser, whose refusal says where the text stops being JSON.
 * @param poison what to do about fields that could change the prototype of an object: refuse them, or leave them out as any unknown field.
 */
export function jsonParser(scope: FastifyInstance, poison: 'error' | 'remove' = 'error'): JsonParser {
  const parse = scope.getDefaultJsonParser(poison, poison);
  return (request, text, done) => {
    void parse(request, text, (error, body) => {
      if (error === null) done(null, body);
      else done(refuseJson(text, error));
    });
  };
}

/** Reads JSON bodies with it; an empty one counts as none. */
export function readJsonStrictly(app: FastifyInstance): void {
  const parse = jsonParser(app);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') done(null, undefined);
    else parse(request, text, done);
  });
}
