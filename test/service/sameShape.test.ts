import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import fastify from 'fastify';
import { installErrorAnswers, SAME_SHAPE } from '../../service/errorAnswers.ts';

/** What a server sends back for bytes, until it hangs up. */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text) => (answer += String(text)));
    socket.on('error', reject).on('close', () => {
      resolve(answer);
    });
  });
}

test('what no route is found for, and what is not HTTP, is answered with a sentence and a code', async (t) => {
  const app = fastify({ logger: false, ...SAME_SHAPE });
  installErrorAnswers(app, { log: { error: () => undefined }, directions: 'there is nothing here' });
  app.get('/', () => ({ here: true }));
  t.after(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number }; // it listens to a port
  for (const [bytes, status] of [
    ['GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['GARBAGE\r\n\r\n', 400],
    ['GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
    ['GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n', 404],
  ] as const) {
    const answer = await send(port, bytes);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), bytes);
    assert.match(answer, /\r\n\r\n\{"(error|code)":"[^"]+","(error|code)":"[^"]+"\}$/, bytes);
  }
});
