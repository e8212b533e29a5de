import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { ShepherdError } from '../../../core/errors.ts';
import { projectRoot } from '../../helpers/projectRoot.ts';
import { createControlApp } from '../../../shepherd/control/app.ts';
import type { ControlActions } from '../../../shepherd/control/routes.ts';

const BODY_LIMIT_BYTES = 2_000;
const TOKEN = 'a-token-of-some-length';
const authorization = `Bearer ${TOKEN}`;

function buildApp(
  overrides: Partial<ControlActions> = {},
  { token }: { token: string | undefined } = { token: TOKEN },
) {
  const asked: unknown[] = [];
  const act = (request: unknown): Promise<object> => {
    asked.push(request);
    return Promise.resolve({ done: true });
  };
  const actions: ControlActions = {
    pull: act,
    retrain: act,
    rollback: act,
    promote: act,
    pin: act,
    unpin: act,
    requeue: act,
    train: act,
    trainTable: act,
    rollBackTable: act,
    listTables: () => Promise.resolve([]),
    acceptHeld: act,
    rejectHeld: act,
    listHeld: () => Promise.resolve([]),
    listSettled: () => Promise.resolve([]),
    runs: () => Promise.resolve([]),
    ...overrides,
  };
  const errors: unknown[] = [];
  const log = {
    event: () => undefined,
    note: () => undefined,
    error: (sentence: string, cause?: unknown) => errors.push(sentence, cause),
  };
  const answers = { take: () => Promise.resolve(undefined), keep: () => Promise.resolve() };
  return createControlApp({
    actions,
    answers,
    token,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    registry: new Registry(),
    log,
  }).then((app) => ({ app, asked, errors }));
}

test('control is off without a token, and closed to anyone who does not have it', async () => {
  const off = await buildApp({}, { token: undefined });
  const refused = await off.app.inject({ method: 'POST', url: '/retrain', payload: {}, headers: { authorization } });
  assert.equal(refused.statusCode, 403);
  assert.equal(refused.json<{ code: string }>().code, 'CONTROL_OFF');

  const { app, asked } = await buildApp();
  for (const header of [undefined, 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN} x`, 'Bearer']) {
    const answer = await app.inject({
      method: 'POST',
      url: '/retrain',
      payload: {},
      headers: header === undefined ? {} : { authorization: header },
    });
    assert.equal(answer.statusCode, 401, String(header));
  }
  assert.deepEqual(asked, []);
});

test('health and metrics are open', async () => {
  const { app } = await buildApp();
  assert.equal((await app.inject('/health')).statusCode, 200);
  assert.equal((await app.inject('/metrics')).statusCode, 200);
});

test('a valid request reaches its action as it was sent', async () => {
  const { app, asked } = await buildApp();
  const answer = await app.inject({
    method: 'POST',
    url: '/pull',
    headers: { authorization },
    payload: { symbol: 'PETR4.SA', start_date: '2024-01-01', end_date: '2024-02-01' },
  });
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(asked, [{ symbol: 'PETR4.SA', start_date: '2024-01-01', end_date: '2024-02-01' }]);
});

test('each path reaches its own action and no other, and says whether the work is done or only begun', async () => {
  const reached: string[] = [];
  const named = (name: string) => (): Promise<object> => {
    reached.push(name);
    return Promise.resolve({ name });
  };
  const { app } = await buildApp({
    pull: named('pull'),
    retrain: named('retrain'),
    rollback: named('rollback'),
    promote: named('promote'),
    pin: named('pin'),
    unpin: named('unpin'),
    requeue: named('requeue'),
    runs: ({ symbol, limit }) => {
      reached.push(`runs of ${symbol ?? 'all'}, ${limit}`);
      return Promise.resolve([{ id: '1' }]);
    },
  });
  const reason = 'because';
  for (const [path, payload, status] of [
    ['pull', { symbol: 'A' }, 200],
    ['retrain', {}, 202],
    ['rollback', { symbol: 'A', reason }, 200],
    ['promote', { symbol: 'A', version: 1, reason }, 200],
    ['pin', { symbol: 'A', reason }, 200],
    ['unpin', { symbol: 'A', reason }, 200],
    ['requeue', { run: '42', reason }, 202],
  ] as const) {
    const answer = await app.inject({ method: 'POST', url: `/${path}`, headers: { authorization }, payload });
    assert.deepEqual([answer.statusCode, answer.json()], [status, { name: path }]);
  }
  for (const query of ['', '?symbol=A&limit=7']) {
    const answer = await app.inject({ url: `/runs${query}`, headers: { authorization } });
    assert.deepEqual([answer.statusCode, answer.json()], [200, { runs: [{ id: '1' }] }]);
  }
  assert.deepEqual(reached, [
    'pull',
    'retrain',
    'rollback',
    'promote',
    'pin',
    'unpin',
    'requeue',
    'runs of all, 20',
    'runs of A, 7',
  ]);
  for (const url of ['/runs?limit=0', '/runs?limit=1000', '/runs?limit=x'])
    assert.equal((await app.inject({ url, headers: { authorization } })).statusCode, 400, url);
});

test('wrong shapes are one sentence and a 400, never a 5xx', async () => {
  const { app, asked } = await buildApp();
  const cases: [string, unknown][] = [
    ['/pull', {}],
    ['/pull', { symbol: 5 }],
    ['/pull', { symbol: 'A', start_date: 'yesterday' }],
    ['/promote', { symbol: 'A', version: 1.5, reason: 'because' }],
    ['/promote', { symbol: 'A', version: 1 }],
    ['/rollback', { symbol: 'A', reason: '' }],
    ['/rollback', { symbol: 'A', reason: 'because\0' }],
    ['/requeue', { run: 'x', reason: 'because' }],
    ['/retrain', { symbol: 'A', unknown: true }],
    ['/train', {}],
  ];
  for (const [url, payload] of cases) {
    const answer = await app.inject({ method: 'POST', url, headers: { authorization }, payload: payload as object });
    assert.equal(answer.statusCode, 400, `${url} ${JSON.stringify(payload)} -> ${answer.body}`);
    const body = answer.json<{ error: string; code: string }>();
    assert.equal(body.code, 'INVALID_INPUT');
    assert.ok(body.error.length > 10);
  }
  const broken = await app.inject({
    method: 'POST',
    url: '/pull',
    headers: { authorization, 'content-type': 'application/json' },
    payload: '{"sym',
  });
  assert.equal(broken.statusCode, 400);
  assert.deepEqual(asked, []);
});

test('an expected failure keeps its code and status; a fault is logged whole and told in general', async () => {
  const known = await buildApp({
    retrain: () => Promise.reject(new ShepherdError('UNKNOWN_SYMBOL', 'There is no series "X".')),
  });
  const answer = await known.app.inject({
    method: 'POST',
    url: '/retrain',
    headers: { authorization },
    payload: { symbol: 'X' },
  });
  assert.equal(answer.statusCode, 404);
  assert.deepEqual(answer.json(), { error: 'There is no series "X".', code: 'UNKNOWN_SYMBOL' });

  const fault = await buildApp({ retrain: () => Promise.reject(new Error('relation "secret" does not exist')) });
  const hidden = await fault.app.inject({ method: 'POST', url: '/retrain', headers: { authorization }, payload: {} });
  assert.equal(hidden.statusCode, 500);
  assert.doesNotMatch(hidden.body, /secret/);
  assert.match(String(fault.errors[1]), /secret/);
});

function form(fields: Record<string, string>, file?: string): { payload: string; headers: Record<string, string> } {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  if (file !== undefined)
    parts.push(
      `--b\r\nContent-Disposition: form-data; name="file"; filename="series.csv"\r\nContent-Type: text/csv\r\n\r\n${file}\r\n`,
    );
  return {
    payload: `${parts.join('')}--b--\r\n`,
    headers: { authorization, 'content-type': 'multipart/form-data; boundary=b' },
  };
}

test('POST /train takes a CSV with its column and parameters, and names the parameter that is wrong', async () => {
  const { app, asked } = await buildApp();
  const good = await app.inject({
    method: 'POST',
    url: '/train',
    ...form({ symbol: 'TEMP', target_column: 'mean', model_params: '{"units":[16]}' }, 'date,mean\n2020-01-01,1'),
  });
  assert.equal(good.statusCode, 202);
  assert.deepEqual(asked, [
    {
      symbol: 'TEMP',
      csv: Buffer.from('date,mean\n2020-01-01,1'),
      targetColumn: 'mean',
      modelParameters: { units: [16] },
    },
  ]);

  for (const [fields, file, word] of [
    [{ symbol: 'TEMP' }, undefined, 'file'],
    [{}, 'a,b', 'symbol'],
    [{ symbol: 'TEMP', model_params: '{"units":[0]}' }, 'a,b', 'units'],
    [{ symbol: 'TEMP', model_params: '{units' }, 'a,b', 'JSON'],
  ] as const) {
    const answer = await app.inject({ method: 'POST', url: '/train', ...form(fields, file) });
    assert.equal(answer.statusCode, 400);
    assert.ok(answer.body.includes(word), answer.body);
  }
});

test('a file larger than a request body may be is refused by its size, as JSON is', async () => {
  const { app, asked } = await buildApp();
  const payload = JSON.stringify({ symbol: 'X', reason: 'x'.repeat(BODY_LIMIT_BYTES) });
  const headers = { authorization, 'content-type': 'application/json' };
  for (const request of [form({ symbol: 'TEMP' }, 'x'.repeat(BODY_LIMIT_BYTES + 1)), { payload, headers }]) {
    const url = request.payload === payload ? '/retrain' : '/train';
    const answer = await app.inject({ method: 'POST', url, ...request });
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [413, 'PAYLOAD_TOO_LARGE']);
  }
  assert.deepEqual(asked, []);
});

interface ControlDocument {
  readonly paths: Record<
    string,
    Record<string, { security?: unknown; summary?: string; responses: Record<string, object> }>
  >;
  readonly components: { securitySchemes: Record<string, { scheme: string }> };
}

test('its own document at /docs has every control route with the bearer scheme, and can be tried out from there', async () => {
  const { app, asked } = await buildApp();
  const document = (await app.inject('/openapi.json')).json<ControlDocument>();
  assert.equal(document.components.securitySchemes['bearer']?.scheme, 'bearer');
  const secured: string[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { security, responses, summary }] of Object.entries(methods)) {
      assert.ok(summary, path);
      if (security === undefined) continue;
      secured.push(`${method} ${path}`);
      assert.ok('401' in responses && '403' in responses && '400' in responses, path);
    }
  }
  assert.deepEqual(secured.filter((each) => !each.startsWith('head ')).sort(), [
    'get /quarantine',
    'get /quarantine/settled',
    'get /runs',
    'get /tables',
    'post /pin',
    'post /promote',
    'post /pull',
    'post /quarantine/accept',
    'post /quarantine/reject',
    'post /requeue',
    'post /retrain',
    'post /rollback',
    'post /tables/rollback',
    'post /tables/train',
    'post /train',
    'post /unpin',
  ]);
  const page = await app.inject('/docs');
  assert.equal(page.statusCode, 200);
  const policy = String(page.headers['content-security-policy']);
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /upgrade-insecure-requests/);
  assert.deepEqual(asked, []);
});

test('every code that the document tells of stands in the README', async () => {
  const { app } = await buildApp();
  const text = (await app.inject('/openapi.json')).body;
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  for (const [, code] of text.matchAll(/"code":"([A-Z_]+)"/g)) assert.ok(readme.includes(`| \`${code!}\` |`), code);
});

test('POST /train reads parameters that a part sends as JSON, refuses fields it does not know, and a form without a boundary', async () => {
  const { app, asked } = await buildApp();
  const json = (text: string) =>
    form({ symbol: 'TEMP' }, 'date,mean\n2020-01-01,1').payload.replace(
      '--b--',
      `--b\r\nContent-Disposition: form-data; name="model_params"\r\nContent-Type: application/json\r\n\r\n${text}\r\n--b--`,
    );
  const { headers } = form({});
  const good = await app.inject({ method: 'POST', url: '/train', headers, payload: json('{"units":[8]}') });
  assert.equal(good.statusCode, 202, good.body);
  assert.deepEqual(
    asked.map((each) => (each as { modelParameters: unknown }).modelParameters),
    [{ units: [8] }],
  );
  const bad = await app.inject({ method: 'POST', url: '/train', headers, payload: json('{"units":{}}') });
  assert.match(bad.body, /model_params: .*units.* is an object/);
  const odd = await app.inject({ method: 'POST', url: '/train', ...form({ symbol: 'A', taget_column: 'x' }, 'a,b') });
  assert.match(odd.body, /Did you mean \\"target_column\\"\?/);
  const bare = await app.inject({
    method: 'POST',
    url: '/train',
    headers: { authorization, 'content-type': 'multipart/form-data' },
    payload: 'x',
  });
  assert.equal(bare.statusCode, 400, bare.body);
});

test('the README lists every control route in the words of the document', async () => {
  const { app } = await buildApp();
  await app.ready();
  const { paths = {} } = app.swagger() as {
    paths?: Record<string, Record<string, { tags?: string[]; summary?: string }>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes('control') === true)
      .map(([method, { summary = '' }]) => `| \`${method.toUpperCase()} ${path}\` | ${summary} |`),
  );
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| `(?:GET|POST) \/.*$/gm)].map(([row]) => row);
  assert.deepEqual(listed.toSorted(), routes.toSorted());
});
