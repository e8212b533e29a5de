import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Serving } from './serving.ts';
import type { Store } from './store.ts';

/** However many symbols there are, asking takes at most a twentieth of the time. */
const REST = 19;

export interface FollowOptions {
  readonly store: Store;
  readonly serving: Serving;
  readonly pollMs: number;
  readonly onAnswered: () => void;
  readonly onFailure: (error: unknown) => void;
}

export interface Following {
  /** The first look at the database has been taken, well or badly. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps what is in memory up to date: at once when the database notifies, and by asking every `pollMs` in case a notification was
 * lost. While the database is away the same question is asked until it answers.
 */
export function followChanges({ store, serving, pollMs, onAnswered, onFailure }: FollowOptions): Following {
  let stopListening: (() => Promise<void>) | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      onAnswered();
    } catch (error) {
      if (!stopped) onFailure(error);
    }
  };
  const refresh = (symbol: SeriesSymbol): void => void attempt(() => serving.refresh(symbol));

  const look = (): Promise<void> =>
    attempt(async () => {
      stopListening ??= await store.listen({
        onChampion: refresh,
        onPrices: refresh,
        onRestored: () => void attempt(() => serving.refreshAll()),
      });
      await serving.refreshAll();
    });
  const lookAgain = (tookMs: number): void => {
    if (stopped) return;
    timer = setTimeout(() => void timed(look).then(lookAgain), Math.max(pollMs, REST * tookMs));
    timer.unref();
  };
  const started = timed(look).then(lookAgain);

  return {
    started,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await started;
      await stopListening?.();
    },
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
