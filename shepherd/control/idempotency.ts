import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import type { Database } from '../../db/connection/client.ts';
import { keepAnswer, takeKey, type ControlRequest } from '../../db/tables/controlRequests.ts';
import { KEY_PATTERN } from './describe.ts';
import type { Log } from '../../service/log.ts';

/** Where keys and answers are kept, so that they outlive this process. */
export interface KeyedAnswers {
  take(key: string, digest: string): Promise<ControlRequest | undefined>;
  keep(key: string, status: number, answer: string): Promise<void>;
}

/** The same, in the database that the acts themselves are in. */
export function answersIn(db: Database): KeyedAnswers {
  return {
    take: (key, digest) => takeKey(db, key, digest),
    keep: (key, status, answer) => keepAnswer(db, key, status, answer),
  };
}

const HEADER = 'idempotency-key';
const KEY = new RegExp(KEY_PATTERN);

/**
 * Lets a caller whose answer was lost ask again without acting twice: a POST with `Idempotency-Key: K` is carried out once, and asked again
 * under K answered as it was the first time (IETF draft-ietf-httpapi-idempotency-key-header). The key is taken before the act and its
 * answer kept after it, so that a process which ends between the two leaves a key that says so, and never a second act.
 */
export function installIdempotency(app: FastifyInstance, answers: KeyedAnswers, log: Pick<Log, 'error'>): void {
  const atWork = new WeakMap<FastifyRequest, string>();
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const digest = digestOf(request);
    const first = await answers.take(key, digest);
    if (first === undefined) {
      atWork.set(request, key);
      return;
    }
    if (first.digest !== digest) {
      throw new ShepherdError('CONFLICT', 'This Idempotency-Key stands for another request; take a new key.');
    }
    if (first.status === null || first.answer === null) {
      throw new ShepherdError(
        'CONFLICT',
        'The first request under this Idempotency-Key has not been answered: it is at work, or its process ended. GET /runs and `shepherd history` say what came of it; what was not done can be asked under a new key.',
      );
    }
    return reply.code(first.status).header('idempotent-replayed', 'true').type('application/json').send(first.answer);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = atWork.get(request);
    // What failed here may have been done or not: its key stays without an answer.
    if (key === undefined || reply.statusCode >= 500 || typeof payload !== 'string') return;
    try {
      await answers.keep(key, reply.statusCode, payload);
    } catch (error) {
      log.error(
        'The answer of a control request could not be kept; asked again, it is refused rather than done twice.',
        error,
      );
    }
  });
}

/** @throws ShepherdError INVALID_INPUT, also for an upload, whose head no schema has looked at. */
function keyOf({ method, headers }: FastifyRequest): string | undefined {
  const key = headers[HEADER];
  if (method !== 'POST' || key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new ShepherdError(
    'INVALID_INPUT',
    'Idempotency-Key cannot be used; send 1 to 200 visible ASCII characters, such as a UUID.',
  );
}

/** Of what is asked. An upload has not been read yet: its length stands for it. */
function digestOf({ method, url, body, headers }: FastifyRequest): string {
  const asked = body === undefined ? `${headers['content-length'] ?? ''} bytes` : JSON.stringify(body);
  return createHash('sha256').update(`${method} ${url}\n${asked}`).digest('hex');
}
