import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { ERROR_CODES } from '../../core/errors.ts';
import { addDays, parseDay } from '../../core/series/day.ts';
import { createTestApp, TEST_SERIES, type TestApp } from './helpers/testApp.ts';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** As long as TEST_SERIES, over the days that the examples speak of. */
const first = parseDay('2018-12-01');
const EXAMPLE_SERIES = { days: TEST_SERIES.days.map((_, i) => addDays(first, i)), closes: TEST_SERIES.closes };

const PARAMETERS: Readonly<Record<string, string>> = { symbol: 'CALM', name: 'CALM', version: '1' };

async function readDocument({ app }: TestApp): Promise<OpenApi> {
  return (await app.inject('/openapi.json')).json<OpenApi>();
}

function operationsOf(document: OpenApi): { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** Whether a value is as a JSON schema says, by the validator that the framework carries. */
async function matches(schema: object, value: unknown): Promise<boolean> {
  const checker = fastify();
  checker.post('/', (request) => request.compileValidationSchema(schema)(value));
  return (await checker.inject({ method: 'POST', url: '/' })).json<boolean>();
}

test('every operation of the document, with every example, is answered as the document says', async (t) => {
  const target = await createTestApp(t, { series: EXAMPLE_SERIES });
  const document = await readDocument(target);
  let examples = 0;
  for (const { path, method, operation } of operationsOf(document)) {
    const media = operation.requestBody?.content['application/json'];
    if (operation.requestBody !== undefined && media === undefined) continue; // a file, which no example can carry
    const bodies = [
      ...(media?.example === undefined ? [] : [media.example]),
      ...Object.values(media?.examples ?? {}).map(({ value }) => value),
    ];
    for (const body of bodies.length === 0 ? [undefined] : bodies) {
      const reply = await target.app.inject({
        method: method.toUpperCase() as 'GET',
        url: path.replace(/\{(\w+)\}/g, (_, name: string) => PARAMETERS[name]!),
        ...(body !== undefined && { payload: body as object }),
      });
      const told = `${method} ${path} ${JSON.stringify(body ?? null).slice(0, 80)}`;
      assert.equal(reply.statusCode, 200, `${told}: ${reply.body}`);
      const schema = operation.responses['200']?.content?.['application/json']?.schema;
      if (schema !== undefined) {
        assert.ok(await matches(schema, reply.json()), `${told}: ${reply.body.slice(0, 500)}`);
      }
      examples += 1;
    }
  }
  assert.ok(examples >= 20, `${examples} examples`);
});

test('the document names every route of the contract', async (t) => {
  const document = await readDocument(await createTestApp(t));
  assert.equal(document.openapi, '3.1.0');
  for (const [path, methods] of Object.entries({
    '/predict': ['get', 'post'],
    '/health-check': ['get', 'post'],
    '/health': ['get'],
    '/ready': ['get'],
    '/models': ['get'],
    '/models/{symbol}/risk': ['get'],
    '/models/{symbol}/history': ['get'],
    '/v2/models/{name}/infer': ['post'],
    '/metrics': ['get'],
  })) {
    assert.deepEqual(
      Object.keys(document.paths[path] ?? {})
        .filter((method) => method !== 'head')
        .sort(),
      methods,
      path,
    );
  }
});

test('every error has one shape, a code of the registry and the status of the code', async (t) => {
  const { app } = await createTestApp(t, { environment: { BODY_LIMIT_BYTES: '2000' } });
  const json = { 'content-type': 'application/json' };
  const refusals = [
    { method: 'GET', url: '/nope' },
    { method: 'DELETE', url: '/predict' },
    { method: 'POST', url: '/models/CALM/history' },
    { method: 'GET', url: '/models/%zz/history' },
    { method: 'GET', url: '/models/NOPE/history' },
    { method: 'POST', url: '/predict', headers: { 'content-type': 'application/xml' }, payload: '<a/>' },
    { method: 'POST', url: '/predict', headers: json, payload: '{"data":' },
    { method: 'POST', url: '/predict', headers: json, payload: '[1]' },
    { method: 'POST', url: '/predict', headers: json, payload: '{"horizon":61}' },
    { method: 'POST', url: '/predict', headers: json, payload: '{"horizn":2}' },
    { method: 'POST', url: '/predict', headers: json, payload: '{"__proto__":{}}' },
    { method: 'POST', url: '/predict', headers: json, payload: ' '.repeat(3_000) },
  ] as const;
  const statuses = [];
  for (const request of refusals) {
    const reply = await app.inject(request);
    const body = reply.json<{ error: string; code: keyof typeof ERROR_CODES }>();
    assert.deepEqual(Object.keys(body).sort(), ['code', 'error'], reply.body);
    assert.equal(reply.statusCode, ERROR_CODES[body.code].status);
    assert.match(body.error, /^["A-Z].*[.]$/);
    statuses.push(reply.statusCode);
  }
  assert.deepEqual(statuses, [404, 405, 405, 400, 404, 415, 400, 400, 400, 400, 400, 413]);
  assert.equal((await app.inject({ method: 'DELETE', url: '/predict' })).headers.allow, 'GET, POST');
});

test('an address that sends more than its share is told when to go on; watchers are not held back', async (t) => {
  const { app } = await createTestApp(t, { environment: { RATE_LIMIT_PER_MINUTE: '3' } });
  const statuses = [];
  for (let i = 0; i < 5; i += 1) statuses.push((await app.inject({ method: 'POST', url: '/predict' })).statusCode);
  assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  const refused = await app.inject('/models');
  assert.equal(refused.json<{ code: string }>().code, 'TOO_MANY_REQUESTS');
  assert.ok(Number(refused.headers['retry-after']) > 0);
  for (const url of ['/health', '/ready', '/metrics']) assert.equal((await app.inject(url)).statusCode, 200);
});

test('answers carry the headers that keep browsers from guessing, and the page may not be framed', async (t) => {
  const { app } = await createTestApp(t);
  const { headers } = await app.inject({ method: 'POST', url: '/predict' });
  assert.equal(headers['x-content-type-options'], 'nosniff');
  const docs = await app.inject('/docs');
  assert.match(String(docs.headers['content-security-policy']), /frame-ancestors 'self'/);
  assert.equal(docs.headers['x-powered-by'], undefined);
});

test('while the database is away, what needs it says so without telling where it is', async (t) => {
  const { app, store } = await createTestApp(t);
  store.away = true;
  const reply = await app.inject('/models/CALM/history');
  assert.equal(reply.statusCode, 503);
  assert.equal(reply.headers['retry-after'], '1');
  assert.doesNotMatch(reply.body, /secret-host|PostgreSQL/);
  assert.equal((await app.inject({ method: 'POST', url: '/predict' })).statusCode, 200);
});

test('nothing in the document is left unsaid: no text is empty, every operation has a summary and a tag that is explained', async (t) => {
  const document = await readDocument(await createTestApp(t));
  const empty: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string' && value.trim() === '' && !path.includes('/example')) empty.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, part] of Object.entries(value)) walk(part, `${path}/${name}`);
  };
  walk(document, '');
  assert.deepEqual(empty, []);
  const explained = document.tags.map(({ name }) => name);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { summary, tags = [] }] of Object.entries(methods)) {
      assert.ok(summary, `${method} ${path} has no summary`);
      assert.ok(tags.length === 1 && explained.includes(tags[0]!), `${method} ${path} has the tags ${tags.join()}`);
    }
  }
});

/** Every JSON schema of the document, wherever it stands. */
function schemasIn(value: unknown, path: string, found: { path: string; schema: Record<string, unknown> }[] = []) {
  if (typeof value !== 'object' || value === null) return found;
  if (!Array.isArray(value) && ('type' in value || 'anyOf' in value)) found.push({ path, schema: { ...value } });
  for (const [name, part] of Object.entries(value)) schemasIn(part, `${path}/${name}`, found);
  return found;
}

test('what null means is said with every field that may be null', async (t) => {
  const { paths } = await readDocument(await createTestApp(t));
  const nullable = schemasIn(paths, '').filter(({ schema: { anyOf, type } }) =>
    Array.isArray(anyOf) ? anyOf.some((each: { type?: unknown }) => each.type === 'null') : type === 'null',
  );
  assert.ok(nullable.length >= 20, `${nullable.length}`);
  for (const { path, schema } of nullable) {
    if (/anyOf\/\d+$/.test(path) && schema['type'] === 'null') continue;
    assert.match(JSON.stringify(schema['description'] ?? ''), /\bnull\b/i, path);
  }
});

test('each refusal shows a sentence of its own, and examples are named for what they show', async (t) => {
  const document = await readDocument(await createTestApp(t));
  let refused = 0;
  for (const { path, method, operation } of operationsOf(document)) {
    const sentences: string[] = [];
    for (const [status, { content }] of Object.entries(operation.responses)) {
      if (!status.startsWith('4')) continue;
      for (const [code, { value }] of Object.entries(content?.['application/json']?.examples ?? {})) {
        const body = value as { error: string; code: keyof typeof ERROR_CODES };
        assert.deepEqual([body.code, String(ERROR_CODES[body.code].status)], [code, status], `${method} ${path}`);
        sentences.push(body.error);
      }
      refused += 1;
    }
    assert.equal(new Set(sentences).size, sentences.length, `${method} ${path}`);
  }
  assert.ok(refused >= 14);
  assert.doesNotMatch(JSON.stringify(document), /"example\d+"/);
});

test('a method that no route has is refused as such, QUERY too, which the framework asks for a content type first', async (t) => {
  const { app } = await createTestApp(t);
  for (const method of ['QUERY', 'PUT', 'DELETE'] as const) {
    const reply = await app.inject({ method: method as 'PUT', url: '/predict' });
    assert.deepEqual([reply.statusCode, reply.headers.allow], [405, 'GET, POST'], method);
    assert.equal((await app.inject({ method: method as 'PUT', url: '/nope' })).statusCode, 404);
  }
});

test('values that no unit explains are refused, and a form with more parts than any request has', async (t) => {
  const { app } = await createTestApp(t);
  for (const odd of [1e16, 1e-10]) {
    const data = [...Array.from({ length: 59 }, () => 100), odd];
    const reply = await app.inject({ method: 'POST', url: '/predict', payload: { data } });
    assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [400, 'INVALID_PRICE']);
  }
  const part = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n`;
  const reply = await app.inject({
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    payload: `${Array.from({ length: 12 }, (_, i) => part(`field${i}`)).join('')}--b--\r\n`,
  });
  assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [400, 'INVALID_INPUT']);
});
