import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import { jsonParser } from '../../service/request/jsonBody.ts';

/** Where a body stops being JSON and its binary tensors begin, in bytes (KServe's and Triton's binary tensor extension). */
export const HEADER_LENGTH = 'inference-header-content-length';

/** A request of the Open Inference Protocol: its JSON, and the bytes after it. */
export interface InferBody {
  readonly json: unknown;
  readonly tensors: Uint8Array;
}

const EMPTY = new Uint8Array(0);
/** Clients of the protocol send JSON, bytes or no type at all; `curl -d` says that it is a form. */
const TYPES: readonly string[] = [
  '',
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'text/plain',
];

/** Reads what clients of the Open Inference Protocol send, JSON or JSON followed by binary tensors, whatever type they give it. */
export function readInferBodies(scope: FastifyInstance): void {
  const parseJson = jsonParser(scope, 'remove'); // the protocol lets requests have fields that a server does not know
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
    if (!TYPES.includes(type.trim())) {
      done(
        new ShepherdError(
          'UNSUPPORTED_MEDIA_TYPE',
          'The body is of a type that is not read here; send application/json.',
        ),
      );
      return;
    }
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const end = lengthOfJson(request.headers[HEADER_LENGTH], bytes.length);
    if (end === undefined) {
      done(
        new ShepherdError(
          'INVALID_INPUT',
          `Inference-Header-Content-Length is not the length of the JSON part in bytes; expected a whole number up to ${bytes.length}.`,
        ),
      );
      return;
    }
    parseJson(request, bytes.toString('utf8', 0, end), (error, json) => {
      done(error, { json, tensors: end === bytes.length ? EMPTY : bytes.subarray(end) } satisfies InferBody);
    });
  });
}

function lengthOfJson(header: string | string[] | undefined, whole: number): number | undefined {
  if (header === undefined) return whole;
  return typeof header === 'string' && /^\d{1,9}$/.test(header) && Number(header) <= whole ? Number(header) : undefined;
}
