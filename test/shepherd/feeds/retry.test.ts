import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '../../../core/random.ts';
import { DEFAULT_RETRY, TriesExhausted, withRetry, type RetryOptions } from '../../../shepherd/feeds/retry.ts';
import { readRetryAfter } from '../../../shepherd/feeds/yahooFetch.ts';

/** Fails `failures` times; time passes only in the waits. */
function setUp(failures: number, options: Partial<RetryOptions> = {}) {
  const waits: number[] = [];
  let now = 0;
  let calls = 0;
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    now += ms;
    return Promise.resolve();
  };
  const run = (): Promise<number> =>
    withRetry(
      () => {
        calls += 1;
        return calls <= failures ? Promise.reject(new Error(`failure ${calls}`)) : Promise.resolve(calls);
      },
      { policy: DEFAULT_RETRY, clock: { now: () => now, sleep }, random: createRandom(1), judge: () => 0, ...options },
    );
  return { run, waits, calls: () => calls };
}

describe('trying again', () => {
  it('answers with the first success', async () => {
    const { run, waits } = setUp(2);
    assert.equal(await run(), 3);
    assert.equal(waits.length, 2);
  });

  it('doubles the limit of the wait up to its cap, and draws evenly below it', async () => {
    const { run, waits } = setUp(6, {
      policy: { ...DEFAULT_RETRY, tries: 7, totalMs: 1e9, capMs: 6_000 },
      random: () => 0.999,
    });
    await run();
    assert.deepEqual(waits, [999, 1_998, 3_996, 5_994, 5_994, 5_994]);
  });

  it('waits the same with the same seed, and otherwise with another', async () => {
    const waitsOf = async (seed: number): Promise<number[]> => {
      const { run, waits } = setUp(3, { random: createRandom(seed) });
      await run();
      return waits;
    };
    assert.deepEqual(await waitsOf(1), await waitsOf(1));
    assert.notDeepEqual(await waitsOf(1), await waitsOf(2));
  });

  it('ends after the last try with the last failure as cause', async () => {
    const { run, calls } = setUp(99);
    await assert.rejects(run(), (error) => {
      assert.ok(error instanceof TriesExhausted && error.cause instanceof Error);
      assert.deepEqual([error.tries, error.cause.message, calls()], [5, 'failure 5', 5]);
      return true;
    });
  });

  it('ends at once when the failure says so', async () => {
    const { run, waits } = setUp(1, { judge: () => 'no' });
    await assert.rejects(run(), { message: 'failure 1' });
    assert.deepEqual(waits, []);
  });

  it('does not start a wait that ends after the time limit', async () => {
    const { run, waits, calls } = setUp(9, { judge: () => 25_000 });
    await assert.rejects(run(), TriesExhausted);
    assert.deepEqual([waits, calls()], [[25_000, 25_000], 3]);
  });

  it('is stopped in the middle of a wait', async () => {
    const stop = new AbortController();
    const sleep = (): Promise<void> => {
      stop.abort();
      return Promise.reject(new Error('aborted'));
    };
    const { run, calls } = setUp(9, { signal: stop.signal, clock: { now: () => 0, sleep } });
    await assert.rejects(run(), { code: 'CANCELLED' });
    assert.equal(calls(), 1);
  });
});

it('reads Retry-After in seconds and as a date', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  assert.equal(readRetryAfter('120', now), 120_000);
  assert.equal(readRetryAfter('Sat, 21 Nov 2026 10:00:30 GMT', now), 30_000);
  assert.equal(readRetryAfter('Sat, 21 Nov 2026 09:00:00 GMT', now), 0);
  assert.equal(readRetryAfter('soon', now), 0);
  assert.equal(readRetryAfter(null, now), 0);
});
