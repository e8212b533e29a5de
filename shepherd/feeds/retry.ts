import { setTimeout as delay } from 'node:timers/promises';
import { ShepherdError } from '../../core/errors.ts';
import type { RandomSource } from '../../core/random.ts';

const SECOND = 1_000;

export interface RetryPolicy {
  readonly tries: number;
  /** Limit of one try. */
  readonly tryMs: number;
  /** Limit of all tries and the waits between them. */
  readonly totalMs: number;
  /** The wait before try n + 1 is drawn evenly from 0 to `min(capMs, baseMs * 2^(n - 1))`. */
  readonly baseMs: number;
  readonly capMs: number;
}

/** A run must not hang on a feed: a minute in all, which also outlasts Yahoo's short bursts of 429. */
export const DEFAULT_RETRY: RetryPolicy = {
  tries: 5,
  tryMs: 15 * SECOND,
  totalMs: 60 * SECOND,
  baseMs: SECOND,
  capMs: 20 * SECOND,
};

export interface RetryClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const systemClock: RetryClock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal && { signal });
  },
};

/** What a failure means for the next try: `no` ends at once, a number is the least wait in milliseconds. */
export type NextTry = 'no' | number;

/** Every try failed, or the time is up; `cause` is the last failure. */
export class TriesExhausted extends Error {
  override readonly name = 'TriesExhausted';
  readonly tries: number;

  constructor(tries: number, cause: unknown) {
    super(`no success in ${tries} tries`, { cause });
    this.tries = tries;
  }
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: RetryClock;
  readonly random: RandomSource;
  readonly signal?: AbortSignal | undefined;
  readonly judge: (error: unknown) => NextTry;
}

/**
 * Runs `work` until it succeeds: exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", 2015),
 * so that many shepherds do not return to a struggling feed together. A wait asked for by the feed is kept, or ends the tries when it exceeds the time left.
 * @throws TriesExhausted; the failure itself when it is judged `no`; ShepherdError CANCELLED when `signal` fires.
 */
export async function withRetry<T>(work: (signal: AbortSignal) => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, clock, random, signal, judge } = options;
  const deadline = clock.now() + policy.totalMs;
  for (let tries = 1; ; tries += 1) {
    throwIfCancelled(signal);
    const limit = AbortSignal.timeout(Math.max(1, Math.min(policy.tryMs, deadline - clock.now())));
    try {
      return await work(signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } catch (error) {
      throwIfCancelled(signal);
      const leastWait = judge(error);
      if (leastWait === 'no') throw error;
      const wait = Math.max(leastWait, random() * Math.min(policy.capMs, policy.baseMs * 2 ** (tries - 1)));
      if (tries >= policy.tries || clock.now() + wait >= deadline) throw new TriesExhausted(tries, error);
      await clock.sleep(wait, signal).catch((stopped: unknown) => {
        throwIfCancelled(signal);
        throw stopped;
      });
    }
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new ShepherdError('CANCELLED', 'The pull was stopped before it was done.');
}
