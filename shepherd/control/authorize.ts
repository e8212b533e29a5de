import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { sendError } from '../../service/errorAnswers.ts';

/**
 * Lets a request pass when it carries `Authorization: Bearer <token>`; both sides are hashed first, so that neither the time
 * of the comparison nor its length tells anything about the token.
 */
export function requireToken(token: string | undefined): onRequestHookHandler {
  if (token === undefined) {
    return (_request, reply) => {
      sendError(reply, { code: 'CONTROL_OFF', error: 'Control is off: set SHEPHERD_TOKEN to turn it on.' });
    };
  }
  const expected = digest(token);
  return (request, reply, done) => {
    const [, given] = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) {
      done();
      return;
    }
    void reply.header('www-authenticate', 'Bearer');
    sendError(reply, {
      code: 'UNAUTHORIZED',
      error: 'This needs the header "Authorization: Bearer <SHEPHERD_TOKEN>".',
    });
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
