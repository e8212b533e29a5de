import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { ERROR_CODES, ShepherdError, type ErrorCode } from '../core/errors.ts';
import type { Log } from './log.ts';

export interface ErrorBody {
  readonly error: string;
  readonly code: ErrorCode;
}

/** What of a caller's path the log repeats at most. */
const LONGEST_PATH = 200;

/** Seconds after which a caller who was turned away may try again. */
const RETRY_AFTER = '1';

const UNREAD_TYPE: ErrorBody = {
  code: 'UNSUPPORTED_MEDIA_TYPE',
  error: 'The body is of a type that is not read here; send application/json, or multipart/form-data with a CSV file.',
};
const OVERLOADED: ErrorBody = {
  code: 'OVERLOADED',
  error: 'This service is overloaded; try again in a moment.',
};

/** What Fastify and its plugins refuse before a handler runs, by their own codes. */
const FRAMEWORK: Readonly<Record<string, ErrorBody>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', error: 'The body is too large; send less at once.' },
  FST_REQ_FILE_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', error: 'The file is too large; send less at once.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: UNREAD_TYPE,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'INVALID_INPUT',
    error: 'The body is not as long as its Content-Length says.',
  },
  FST_UNDER_PRESSURE: OVERLOADED,
};

/** By status, for whatever else is refused with one. */
const BY_STATUS: Readonly<Record<number, ErrorBody>> = {
  404: { code: 'NOT_FOUND', error: 'There is nothing here.' },
  408: { code: 'TIMED_OUT', error: 'The request did not arrive whole in time.' },
  413: { code: 'PAYLOAD_TOO_LARGE', error: 'The request is too large; send less at once.' },
  415: UNREAD_TYPE,
  429: { code: 'TOO_MANY_REQUESTS', error: 'Too many requests from this address; go on after Retry-After seconds.' },
  503: OVERLOADED,
};

/** The body an error is answered with. Says nothing of the inside: from 500 up the log has the rest. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof ShepherdError) {
    if (error.code === 'DATABASE_UNAVAILABLE') {
      return { code: error.code, error: 'The database is away just now; what is in memory is still answered.' };
    }
    return { code: error.code, error: error.message };
  }
  const { code = '', statusCode = 500, validation, message } = error as Partial<FastifyError>; // anything thrown may carry these, or not
  const known = FRAMEWORK[code] ?? BY_STATUS[statusCode];
  if (known !== undefined) return known;
  if (validation !== undefined) {
    return { code: 'INVALID_INPUT', error: `The request is not valid: ${message ?? 'wrong shape'}.` };
  }
  if (statusCode >= 400 && statusCode < 500) {
    return { code: 'INVALID_INPUT', error: 'The request could not be read; send it as the document at /docs shows.' };
  }
  return { code: 'INTERNAL', error: 'Something failed here; the log says what.' };
}

export interface ErrorAnswerOptions {
  readonly log: Pick<Log, 'error'>;
  /** Ends the sentence for a path that is not there, such as `GET /docs lists what there is`. */
  readonly directions: string;
}

/** One shape for every error of every route of every service: `{error, code}` with the status of the code. */
export function installErrorAnswers(app: FastifyInstance, { log, directions }: ErrorAnswerOptions): void {
  const refuseMethod = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allowed = allowedMethods(app, request);
    if (allowed.length === 0) {
      return sendError(reply, { code: 'NOT_FOUND', error: `There is nothing at this path; ${directions}.` });
    }
    void reply.header('allow', allowed.join(', '));
    return sendError(reply, {
      code: 'METHOD_NOT_ALLOWED',
      error: `This path answers ${allowed.join(' or ')}, not ${request.method.slice(0, 20)}.`,
    });
  };
  app.setErrorHandler((error: unknown, request, reply) => {
    // Asked of a QUERY without a content type before its route is looked for; none of ours answers that method.
    if (request.method === 'QUERY') return refuseMethod(request, reply);
    const body = errorBody(error);
    if (ERROR_CODES[body.code].status >= 500 && body.code !== 'OVERLOADED') {
      log.error(`${request.method} ${pathOf(request).slice(0, LONGEST_PATH)} failed.`, error);
    }
    return sendError(reply, body);
  });
  app.setNotFoundHandler(refuseMethod);
}

function isRoute(app: FastifyInstance, url: string, method: string): boolean {
  const found: unknown = app.findRoute({ url, method }); // typed as always there, but null where there is none
  return found !== null;
}

/** How a service is made so that whatever is refused before a route is found, and whatever is not HTTP, is answered in the same shape. */
export const SAME_SHAPE = {
  // The host is not used here, and Node's own refusal of a request without one has no body.
  http: { requireHostHeader: false },
  clientErrorHandler: answerClientError,
  frameworkErrors: answerFrameworkError,
};

/** What the framework refuses before it has found a route: paths that cannot be decoded, or are too long. */
function answerFrameworkError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void sendError(reply, errorBody(error));
}

/** Answers with an error outside the error handler, for a hook that turns a request away. */
export function sendError(reply: FastifyReply, body: ErrorBody): FastifyReply {
  const { status } = ERROR_CODES[body.code];
  if ((status === 503 || status === 429) && !reply.hasHeader('retry-after'))
    void reply.header('retry-after', RETRY_AFTER);
  // A serializer of the route would drop the code; this is the whole body.
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ error: body.error, code: body.code }));
}

/** Without the query, which may hold what is nobody's business. */
function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function allowedMethods(app: FastifyInstance, request: FastifyRequest): string[] {
  const url = pathOf(request);
  return ['GET', 'POST'].filter((method) => isRoute(app, url, method));
}

/**
 * Answers bytes that are not HTTP, or that come too slowly, in the same shape as every other error.
 * The parser has given up on the connection, so the answer is written by hand.
 */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const timedOut = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = timedOut ? '408 Request Timeout' : '400 Bad Request';
  const body = JSON.stringify(
    timedOut ? BY_STATUS[408] : { code: 'INVALID_INPUT', error: 'This is not a readable HTTP request.' },
  );
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
