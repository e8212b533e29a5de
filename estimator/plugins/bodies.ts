import type { FastifyInstance } from 'fastify';
import { jsonParser } from '../../service/request/jsonBody.ts';

/** Fields of a query or form that are numbers. */
const NUMERIC: readonly string[] = ['horizon', 'seq_length'];

/**
 * Reads what callers of `/predict` send: JSON under its own type, as text, and as the form type that `curl -d` sends by itself.
 * An empty body counts as none.
 */
export function readJsonBodies(scope: FastifyInstance): void {
  const parseJson = jsonParser(scope);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(['application/json', 'text/plain'], { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') done(null, undefined);
    else parseJson(request, text, done);
  });
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString().trim();
    if (text.startsWith('{') || text.startsWith('[')) parseJson(request, text, done);
    else done(null, fieldsOf(Object.fromEntries(new URLSearchParams(text))));
  });
}

/** Everywhere else bodies mean nothing: whatever is sent is ignored, so that any client's habits do. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
}

/** The fields of a query string or form, where every value is text. */
export function fieldsOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      NUMERIC.includes(name) && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value,
    ]),
  );
}
