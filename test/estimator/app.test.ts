import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import type { Log } from '../../service/log.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { ask, type Refusal } from './helpers/ask.ts';
import { createTestApp, TEST_SERIES } from './helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const WINDOW = [...closes.slice(0, 60)];

function csvForm(rows: number): InjectOptions {
  const boundary = 'x';
  const csv = ['close', ...Array.from({ length: rows }, (_, i) => String(100 + (i % 7)))].join('\n');
  const head = 'Content-Disposition: form-data; name="file"; filename="a.csv"';
  return {
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `--${boundary}\r\n${head}\r\n\r\n${csv}\r\n--${boundary}--\r\n`,
  };
}

/** Each asks for work that takes several turns of the event loop. */
const LONG: Readonly<Record<string, InjectOptions>> = {
  'a range': { method: 'POST', url: '/predict', payload: { start_date: days[340], end_date: days[399] } },
  'a batch': { method: 'POST', url: '/predict', payload: { data: Array.from({ length: 40 }, () => WINDOW) } },
  'a file': csvForm(4_000),
  'a tensor': {
    method: 'POST',
    url: '/v2/models/CALM/infer',
    payload: {
      inputs: [{ name: 'c', shape: [40, 60], datatype: 'FP64', data: Array.from({ length: 40 }, () => WINDOW) }],
    },
  },
};

for (const [name, request] of Object.entries(LONG)) {
  test(`of ${name} two run and 32 wait; more are told to come back, and counted as such`, async (t) => {
    let clock = 0;
    t.mock.method(performance, 'now', () => (clock += 10)); // every piece of work uses its slice up
    const { app } = await createTestApp(t);
    const replies = await Promise.all(Array.from({ length: 37 }, () => app.inject(request)));
    const refused = replies.filter(({ statusCode }) => statusCode !== 200);
    assert.deepEqual(
      refused.map((reply) => [reply.statusCode, reply.headers['retry-after'], reply.json<Refusal>().code]),
      Array.from({ length: 3 }, () => [503, '1', 'OVERLOADED']),
    );
    assert.equal((await app.inject({ method: 'POST', url: '/predict' })).statusCode, 200);
    const { body } = await app.inject('/metrics');
    assert.match(body, /^predict_requests_total\{outcome="answered"\} 35$/m);
    assert.match(body, /^predict_requests_total\{outcome="overloaded"\} 3$/m);
  });
}

test('a failure of the program is told to the log and not to the caller, and counted as failed', async (t) => {
  const errors: unknown[] = [];
  const appLog: Log = { ...silentLog, error: (...said) => errors.push(said) };
  const { app, serving } = await createTestApp(t, { appLog });
  const fault = new TypeError('at /a/secret/path');
  t.mock.method(serving, 'current', () => {
    throw fault;
  });
  const reply = await app.inject({ method: 'POST', url: '/predict?horizon=2' });
  assert.deepEqual(
    [reply.statusCode, reply.json()],
    [500, { error: 'Something failed here; the log says what.', code: 'INTERNAL' }],
  );
  assert.deepEqual(errors, [['POST /predict failed.', fault]]);
  assert.match((await app.inject('/metrics')).body, /^predict_requests_total\{outcome="failed"\} 1$/m);
});

test('a request whose caller has gone is cancelled, and leaves no row', async (t) => {
  const { app, serving, store, log } = await createTestApp(t);
  t.mock.method(serving, 'current', () => {
    throw new ShepherdError('CANCELLED', 'The caller went away.');
  });
  assert.equal((await app.inject({ method: 'POST', url: '/predict' })).json<Refusal>().code, 'CANCELLED');
  await log.flush();
  assert.deepEqual(store.predictions, []);
});

test('each address has its own share, told by the proxy only where one is trusted; watchers have no limit', async (t) => {
  for (const [trusted, statuses] of [
    ['no', [200, 200, 429]],
    ['yes', [200, 200, 200]],
  ] as const) {
    const environment = { RATE_LIMIT_PER_MINUTE: '2', TRUST_PROXY: trusted };
    const { app } = await createTestApp(t, { environment });
    const seen: number[] = [];
    for (const address of ['10.0.0.1', '10.0.0.1', '10.0.0.2']) {
      const reply = await app.inject({ url: '/models', headers: { 'x-forwarded-for': address } });
      seen.push(reply.statusCode);
      const limits = Object.keys(reply.headers).filter((name) => name.startsWith('x-ratelimit'));
      assert.deepEqual(limits, []);
    }
    assert.deepEqual(seen, statuses);
    if (trusted === 'yes') continue;
    for (const url of ['/health', '/health-check', '/ready', '/metrics', '/metrics']) {
      assert.equal((await app.inject(url)).statusCode, 200, url);
    }
    const retry = Number((await app.inject('/models')).headers['retry-after']);
    assert.ok(retry > 1 && retry <= 60, `${retry} s`);
  }
});

test('an event loop that is late turns predictions away and goes on answering watchers', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] }); // lateness is looked at every second
  const { app } = await createTestApp(t, { maxLatenessMs: 1e-6 });
  assert.equal((await app.inject({ method: 'POST', url: '/predict' })).statusCode, 200);
  t.mock.timers.tick(1_000);
  const reply = await app.inject({ method: 'POST', url: '/predict' });
  assert.deepEqual([reply.statusCode, reply.json<Refusal>().code], [503, 'OVERLOADED']);
  assert.ok(Number(reply.headers['retry-after']) > 0);
  for (const url of ['/health', '/ready', '/metrics']) assert.equal((await app.inject(url)).statusCode, 200, url);
});

test('data carries fixed headers against framing and guessing; what browsers show carries helmet’s, and nothing asks for TLS', async (t) => {
  const { app } = await createTestApp(t);
  for (const request of [
    { method: 'POST', url: '/predict' },
    { url: '/nope' },
    { url: '/models?symbol=/docs' },
  ] as const) {
    const { headers } = await app.inject(request);
    assert.deepEqual(
      [
        headers['x-content-type-options'],
        headers['x-frame-options'],
        headers['referrer-policy'],
        headers['content-security-policy'],
        headers['strict-transport-security'],
      ],
      ['nosniff', 'DENY', 'no-referrer', "default-src 'none'; frame-ancestors 'none'", undefined],
    );
  }
  for (const url of ['/', '/assets/index.html', '/docs']) {
    const { headers } = await app.inject(url);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'self'/, url);
    assert.match(policy, /object-src 'none'/, url);
    assert.match(policy, /frame-ancestors 'self'/, url);
    assert.doesNotMatch(policy, /upgrade-insecure-requests|\*/, url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['strict-transport-security'], undefined, url);
  }
});

test('the page itself is asked for anew each time, its files once an hour', async (t) => {
  const { app } = await createTestApp(t);
  assert.match(String((await app.inject('/')).headers['cache-control']), /max-age=0\b/);
  assert.match(String((await app.inject('/assets/index.html')).headers['cache-control']), /max-age=3600\b/);
});

test('a trailing slash, a long name and a missing host make no difference', async (t) => {
  const target = await createTestApp(t);
  assert.equal((await target.app.inject('/models/')).statusCode, 200);
  assert.equal((await target.app.inject(`/models/${'x'.repeat(64)}/history`)).statusCode, 404);
  assert.equal((await target.app.inject(`/v2/models/${'x'.repeat(290)}`)).json<Refusal>().code, 'UNKNOWN_SYMBOL');
  const refused = await target.app.inject(`/models/${'x'.repeat(65)}/history`);
  assert.deepEqual([refused.statusCode, refused.json<Refusal>().code], [400, 'INVALID_INPUT']);
});

test('numbers in a query or form are read as numbers, the body wins over the query, and bad JSON is refused as such', async (t) => {
  const target = await createTestApp(t);
  const { app } = target;
  const range = `start_date=${days[100]}&end_date=${days[150]}`;
  const byQuery = await app.inject(`/predict?${range}&seq_length=20&horizon=2`);
  const byBody = await ask(target, { start_date: days[100], end_date: days[150], seq_length: 20, horizon: 2 });
  assert.deepEqual(byQuery.json(), byBody);
  const form = await app.inject({
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'symbol=OTHER&horizon=2',
  });
  assert.deepEqual(form.json(), await ask(target, { symbol: 'OTHER', horizon: 2 }));
  const both = await app.inject({
    method: 'POST',
    url: '/predict?symbol=CALM&horizon=3',
    payload: { symbol: 'OTHER' },
  });
  assert.deepEqual(both.json(), await ask(target, { symbol: 'OTHER', horizon: 3 }));
  const list = await app.inject({ method: 'POST', url: '/predict?symbol=CALM', payload: [1, 2] });
  assert.match(list.json<Refusal>().error, /^The body is a list of 2/);
  for (const [query, value] of [
    ['horizon=1.5', '1.5'],
    ['horizon=-1', '-1'],
    ['horizon=1e1', '"1e1"'],
    ['horizon=', '""'],
  ] as const) {
    const reply = await app.inject(`/predict?${query}`);
    assert.equal(reply.statusCode, 400);
    assert.match(reply.json<Refusal>().error, new RegExp(`^"horizon" is ${value}; `));
  }
  const typed = (type: string, payload: string) =>
    app.inject({ method: 'POST', url: '/predict', headers: { 'content-type': type }, payload });
  const window = await ask(target, { data: WINDOW });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
    assert.deepEqual((await typed(type, ` ${JSON.stringify({ data: WINDOW })}\n`)).json(), window);
    assert.equal((await typed(type, '{"data":')).statusCode, 400);
    assert.equal((await typed(type, '[[1]]')).statusCode, 400);
    assert.equal((await typed(type, ' \n')).statusCode, 200);
    assert.equal((await typed(type, '{"__proto__":{"symbol":"OTHER"}}')).statusCode, 400);
    assert.equal((await typed(type, '{"constructor":{"prototype":{}}}')).statusCode, 400);
  }
});
