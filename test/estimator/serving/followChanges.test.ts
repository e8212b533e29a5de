import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { followChanges } from '../../../estimator/serving/followChanges.ts';
import type { Serving } from '../../../estimator/serving/serving.ts';
import { createMemoryStore } from '../helpers/memoryStore.ts';

/** A follower on clocks that the test moves, with everything it did. */
function follow(t: TestContext, { pollMs = 1_000, lookMs = 0 }: { pollMs?: number; lookMs?: number } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let clock = 0;
  t.mock.method(performance, 'now', () => clock);
  const did: string[] = [];
  const state = { fails: false, listens: 0, stops: 0 };
  const answer = (what: string): Promise<void> => {
    did.push(what);
    clock += lookMs;
    return state.fails ? Promise.reject(new Error(`${what} failed`)) : Promise.resolve();
  };
  const serving = {
    refresh: (symbol: SeriesSymbol) => answer(`refresh ${symbol}`),
    refreshAll: () => answer('refresh all'),
  } as Serving; // the two of its functions that a follower calls
  const store = createMemoryStore();
  const { listen } = store;
  store.listen = async (handlers) => {
    state.listens += 1;
    const stop = await listen(handlers);
    return async () => {
      state.stops += 1;
      await stop();
    };
  };
  const following = followChanges({
    store,
    serving,
    pollMs,
    onAnswered: () => did.push('answered'),
    onFailure: (error) => did.push((error as Error).message),
  });
  return { following, store, did, state };
}

/** Lets everything run that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('each notification is acted on at once: a champion or prices for their series, a restored connection for all', async (t) => {
  const { following, store, did } = follow(t);
  await following.started;
  assert.deepEqual(did, ['refresh all', 'answered']);
  did.length = 0;
  store.handlers!.onChampion(parseSymbol('A'));
  store.handlers!.onPrices(parseSymbol('B'));
  store.handlers!.onRestored();
  assert.deepEqual(did, ['refresh A', 'refresh B', 'refresh all']);
  await settle();
  assert.deepEqual(did.slice(3), ['answered', 'answered', 'answered']);
  await following.stop();
});

test('it looks every pollMs and listens once; failures are told, and the next look is taken all the same', async (t) => {
  const { following, did, state } = follow(t);
  await following.started;
  state.fails = true;
  did.length = 0;
  for (let round = 0; round < 2; round += 1) {
    t.mock.timers.tick(999);
    await settle();
    assert.equal(did.length, 2 * round);
    t.mock.timers.tick(1);
    await settle();
  }
  assert.deepEqual(did, ['refresh all', 'refresh all failed', 'refresh all', 'refresh all failed']);
  state.fails = false;
  t.mock.timers.tick(1_000);
  await settle();
  assert.deepEqual(did.slice(4), ['refresh all', 'answered']);
  assert.equal(state.listens, 1);
  await following.stop();
});

test('a database that could not be listened to is asked again at the next look', async (t) => {
  const store = createMemoryStore();
  store.away = true;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(performance, 'now', () => 0);
  const failures: unknown[] = [];
  const serving = { refreshAll: () => Promise.resolve() } as Serving; // all that is called here
  const following = followChanges({
    store,
    serving,
    pollMs: 10,
    onAnswered: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  await following.started;
  assert.deepEqual([failures.length, store.handlers], [1, undefined]);
  store.away = false;
  t.mock.timers.tick(10);
  await settle();
  assert.ok(store.handlers !== undefined);
  await following.stop();
});

test('however long a look takes, looking takes at most a twentieth of the time', async (t) => {
  const { following, did } = follow(t, { pollMs: 1_000, lookMs: 200 });
  await following.started;
  did.length = 0;
  t.mock.timers.tick(3_799);
  await settle();
  assert.deepEqual(did, []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(did, ['refresh all', 'answered']);
  await following.stop();
});

test('once stopped it neither looks nor listens any more, and tells of no failure', async (t) => {
  const { following, store, did, state } = follow(t);
  await following.started;
  await following.stop();
  assert.equal(state.stops, 1);
  did.length = 0;
  t.mock.timers.tick(10_000);
  await settle();
  assert.deepEqual(did, []);
  state.fails = true;
  store.handlers!.onPrices(parseSymbol('A')); // told just before
  await settle();
  assert.deepEqual(did, ['refresh A']);
});

test('stopping during the first look waits for it, and no second one follows', async (t) => {
  const { following, did, state } = follow(t);
  await following.stop();
  assert.deepEqual(did, ['refresh all', 'answered']);
  assert.deepEqual([state.listens, state.stops], [1, 1]);
  t.mock.timers.tick(10_000);
  await settle();
  assert.equal(did.length, 2);
});
