import assert from 'node:assert/strict';
import type { TestApp } from './testApp.ts';

/** Sends a body (JSON text, or a value to be sent as JSON) to `/predict` and gives back the answer, checked for its status. */
export async function ask<T>({ app }: Pick<TestApp, 'app'>, body: unknown, status = 200): Promise<T> {
  const reply = await app.inject({
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  assert.equal(reply.statusCode, status, reply.body);
  assert.match(String(reply.headers['content-type']), /^application\/json/);
  return reply.json<T>();
}

export interface Refusal {
  readonly error: string;
  readonly code: string;
}
