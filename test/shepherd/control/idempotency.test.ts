import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { ShepherdError } from '../../../core/errors.ts';
import { createControlApp } from '../../../shepherd/control/app.ts';
import { answersIn } from '../../../shepherd/control/idempotency.ts';
import type { ControlActions } from '../../../shepherd/control/routes.ts';
import { withDatabase, type TestDatabase } from '../../../lab/database.ts';

const TOKEN = 'a-token-of-some-length';
const PIN = { symbol: 'X', reason: 'the desk asks' };

/** A service whose acts are counted; `act` says what each does. */
async function serve(t: Parameters<typeof withDatabase>[0], database: TestDatabase, act: () => Promise<object>) {
  let acts = 0;
  const count = (): Promise<object> => {
    acts += 1;
    return act();
  };
  const actions = new Proxy({} as ControlActions, { get: () => count }); // whatever is asked is counted
  const app = await createControlApp({
    actions,
    answers: answersIn(database.db),
    token: TOKEN,
    bodyLimitBytes: 10_000,
    registry: new Registry(),
    log: { error: () => undefined },
  });
  t.after(() => app.close());
  const pin = (key: string, payload: object = PIN) =>
    app.inject({
      method: 'POST',
      url: '/pin',
      payload,
      headers: { authorization: `Bearer ${TOKEN}`, 'idempotency-key': key },
    });
  return { app, pin, acts: () => acts };
}

test('a request asked again under its key is answered as before and done once, also by another process', async (t) => {
  const database = await withDatabase(t);
  const one = await serve(t, database, () => Promise.resolve({ pinned: 3 }));
  const other = await serve(t, database, () => Promise.resolve({ pinned: 4 }));
  const key = randomUUID();
  const first = await one.pin(key);
  const again = await other.pin(key);
  assert.deepEqual([first.statusCode, first.body], [200, '{"pinned":3}']);
  assert.deepEqual([again.statusCode, again.body, again.headers['idempotent-replayed']], [200, '{"pinned":3}', 'true']);
  assert.deepEqual([one.acts(), other.acts()], [1, 0]);
  await one.pin(randomUUID());
  assert.equal(one.acts(), 2);
});

test('a refusal is kept as well; another request under the key is refused', async (t) => {
  const database = await withDatabase(t);
  const { pin, acts } = await serve(t, database, () =>
    Promise.reject(new ShepherdError('NO_CHAMPION', 'There is none.')),
  );
  const key = randomUUID();
  assert.equal((await pin(key)).statusCode, 409);
  const again = await pin(key);
  assert.deepEqual([again.statusCode, again.json()], [409, { error: 'There is none.', code: 'NO_CHAMPION' }]);
  assert.equal(acts(), 1);
  const other = await pin(key, { ...PIN, reason: 'another reason' });
  assert.deepEqual([other.statusCode, other.json<{ code: string }>().code], [409, 'CONFLICT']);
  assert.equal(acts(), 1);
});

test('ten at once under one key act once; whose answer never came is not done again', async (t) => {
  const database = await withDatabase(t);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { pin, acts } = await serve(t, database, () => held.then(() => ({ done: true })));
  const key = randomUUID();
  const all = Array.from({ length: 10 }, () => pin(key));
  const refused = await Promise.any(all); // the one at work waits to be released
  assert.equal(refused.statusCode, 409);
  assert.match(refused.json<{ error: string }>().error, /has not been answered/);
  release();
  const statuses = (await Promise.all(all)).map(({ statusCode }) => statusCode);
  assert.ok(statuses.includes(200)); // a late one may have met the kept answer
  assert.ok(
    statuses.every((status) => status === 200 || status === 409),
    statuses.join(),
  );
  assert.equal(acts(), 1);

  const lost = randomUUID();
  const broken = await serve(t, database, () => Promise.reject(new Error('the power went')));
  assert.equal((await broken.pin(lost)).statusCode, 500);
  assert.equal((await broken.pin(lost)).statusCode, 409);
  assert.equal(broken.acts(), 1);
});

test('a key that cannot be one is refused, and what is not acted on takes no key', async (t) => {
  const database = await withDatabase(t);
  const { app, pin, acts } = await serve(t, database, () => Promise.resolve({}));
  for (const key of ['x'.repeat(201), 'two words', '']) assert.equal((await pin(key)).statusCode, 400, key);
  const upload = await app.inject({
    method: 'POST',
    url: '/train',
    payload: '--b--',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'multipart/form-data; boundary=b',
      'idempotency-key': 'x'.repeat(201),
    },
  });
  assert.equal(upload.statusCode, 400);
  const key = randomUUID();
  assert.equal((await pin(key, { symbol: 'X' })).statusCode, 400); // invalid: the key stays free
  assert.equal((await pin(key)).statusCode, 200);
  const wrong = await app.inject({ method: 'POST', url: '/pin', payload: PIN, headers: { 'idempotency-key': 'mine' } });
  assert.equal(wrong.statusCode, 401);
  assert.equal((await pin('mine')).statusCode, 200);
  assert.equal(acts(), 2);
});
