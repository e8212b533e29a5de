import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { ERROR_CODES, ShepherdError, type ErrorCode } from '../../core/errors.ts';
import { installErrorAnswers } from '../../service/errorAnswers.ts';

function appThatThrows(error: unknown) {
  const logged: string[] = [];
  const app = fastify({ logger: false });
  installErrorAnswers(app, { log: { error: (sentence) => logged.push(sentence) }, directions: 'GET /here is' });
  app.get('/here', () => Promise.reject(error as Error)); // whatever is thrown, an Error or not
  app.post('/typed', { schema: { body: { type: 'object', required: ['a'] } } }, () => ({}));
  return { app, logged };
}

test('every code of the registry is answered with its status, and only faults of ours are logged', async () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const { app, logged } = appThatThrows(new ShepherdError(code, 'A sentence.'));
    const answer = await app.inject('/here');
    assert.equal(answer.statusCode, ERROR_CODES[code].status, code);
    assert.equal(answer.json<{ code: string }>().code, code);
    assert.deepEqual(Object.keys(answer.json()), ['error', 'code']);
    assert.equal(logged.length, answer.statusCode >= 500 && code !== 'OVERLOADED' ? 1 : 0, code);
  }
});

test('a bug tells a caller nothing of the inside', async () => {
  const { app, logged } = appThatThrows(new TypeError('password is undefined'));
  const answer = await app.inject('/here?token=1');
  assert.equal(answer.statusCode, 500);
  assert.deepEqual(answer.json(), { error: 'Something failed here; the log says what.', code: 'INTERNAL' });
  assert.deepEqual(logged, ['GET /here failed.']);
});

test('a body of the wrong shape, a path that is not there and another method are told apart', async () => {
  const { app } = appThatThrows(new Error());
  const wrong = await app.inject({ method: 'POST', url: '/typed', payload: {} });
  assert.deepEqual([wrong.statusCode, wrong.json<{ code: string }>().code], [400, 'INVALID_INPUT']);
  assert.match(wrong.json<{ error: string }>().error, /required property 'a'/);
  const nowhere = await app.inject('/nowhere');
  assert.deepEqual(nowhere.json(), { error: 'There is nothing at this path; GET /here is.', code: 'NOT_FOUND' });
  const method = await app.inject({ method: 'POST', url: '/here' });
  assert.deepEqual([method.statusCode, method.headers['allow']], [405, 'GET']);
});

test('whoever is turned away for a moment is told when to come back', async () => {
  for (const code of ['OVERLOADED', 'TOO_MANY_REQUESTS', 'DATABASE_UNAVAILABLE'] as const) {
    const { app } = appThatThrows(new ShepherdError(code, 'Later.'));
    assert.equal((await app.inject('/here')).headers['retry-after'], '1', code);
  }
});
