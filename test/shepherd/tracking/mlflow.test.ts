import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { connectMlflow, type MlflowRun } from '../../../shepherd/tracking/mlflow.ts';

interface Turn {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

const fixture = new URL('../../../../test/fixtures/mlflow/conversation.json', import.meta.url);
const { turns } = JSON.parse(readFileSync(fixture, 'utf8')) as { turns: Turn[] };

const RUN: MlflowRun = {
  name: 'trial 3 rung 0',
  params: { units: '50-50', learningRate: 0.001 },
  metrics: { crps_ratio: 0.9912, mse_ratio: null },
  tags: { symbol: 'MSFT' },
  failed: false,
};
const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}

/** A server on loopback; answers with the status and body that `answer` gives for each request. */
async function serve(
  answer: (request: IncomingMessage, body: unknown) => { status: number; body: unknown },
): Promise<string> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { status, body: reply } = answer(request, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

describe('MLflow client', () => {
  it('says word for word what a real server was told, and understands its answers', async () => {
    const left = [...turns];
    const problems: string[] = [];
    const trackingUri = await serve((request, body) => {
      const turn = left.shift();
      const said = JSON.stringify({ method: request.method, url: request.url, body });
      const expected = JSON.stringify({ method: turn?.method, url: turn?.url, body: turn?.body });
      if (said !== expected) problems.push(`${said} instead of ${expected}`);
      return { status: turn?.status ?? 500, body: turn?.answer ?? {} };
    });
    const mlflow = connectMlflow({ trackingUri: `${trackingUri}/`, now: () => 1763700000000 });
    const first = await mlflow.record('shepherd', RUN);
    const metrics = { crps_ratio: null, mse_ratio: null };
    const second = await mlflow.record('shepherd', { ...RUN, name: 'trial 4 rung 0', metrics, failed: true });
    assert.deepEqual(problems, []);
    assert.deepEqual(left, []);
    assert.match(first, /^[0-9a-f]{32}$/);
    assert.notEqual(second, first);
  });

  it('sends the token, and names what the server refused', async () => {
    const tokens: (string | undefined)[] = [];
    const trackingUri = await serve((request) => {
      tokens.push(request.headers.authorization);
      return { status: 403, body: { error_code: 'PERMISSION_DENIED', message: 'no' } };
    });
    const mlflow = connectMlflow({ trackingUri, token: 'secret', now: () => 0 });
    await assert.rejects(
      () => mlflow.record('shepherd', RUN),
      (error) => error instanceof ShepherdError && error.message.includes('403 PERMISSION_DENIED'),
    );
    assert.deepEqual(tokens, ['Bearer secret']);
  });

  it('says so when something else than MLflow answers, or nothing does', async () => {
    const unavailable = (error: unknown) => error instanceof ShepherdError && error.code === 'FEED_UNAVAILABLE';
    const other = connectMlflow({ trackingUri: await serve(() => ({ status: 200, body: [] })), now: () => 0 });
    await assert.rejects(() => other.record('shepherd', RUN), unavailable);
    const nobody = connectMlflow({ trackingUri: 'http://127.0.0.1:9', now: () => 0 });
    await assert.rejects(() => nobody.record('shepherd', RUN), unavailable);
  });

  it('asks again for its experiment when the server was away the first time, and once only when it was there', async () => {
    const left = [...turns];
    let away = true;
    const asked: string[] = [];
    const trackingUri = await serve((request) => {
      if (away) return { status: 503, body: {} };
      asked.push(request.url ?? '');
      const turn = left.shift();
      return { status: turn?.status ?? 500, body: turn?.answer ?? {} };
    });
    const mlflow = connectMlflow({ trackingUri, now: () => 1763700000000 });
    await assert.rejects(mlflow.record('shepherd', RUN), { code: 'FEED_UNAVAILABLE' });
    away = false;
    await mlflow.record('shepherd', RUN);
    await mlflow.record('shepherd', { ...RUN, failed: true });
    assert.deepEqual(
      asked,
      turns.map(({ url }) => url),
    );
  });
});
