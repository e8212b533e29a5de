import type { NewPrediction } from '../../db/tables/predictions.ts';

export interface PredictionLogOptions {
  readonly write: (entries: readonly NewPrediction[]) => Promise<void>;
  /** Told how many entries were given up because the buffer was full. */
  readonly onDropped: (count: number) => void;
  readonly onFailure: (error: unknown) => void;
  /** Whether a failure of `write` is about the entries themselves, so that trying again cannot help. */
  readonly isRefusal: (error: unknown) => boolean;
  /** Told of each entry that was refused and is set aside, so that it stands in front of no other. */
  readonly onRefused: (entry: NewPrediction, error: unknown) => void;
  /** Entries kept while the database is away. */
  readonly capacity?: number;
  readonly flushMs?: number;
}

export interface PredictionLog {
  add(entry: NewPrediction): void;
  /** Writes what is held; resolves when it is written or has failed. */
  flush(): Promise<void>;
  readonly length: number;
  close(): Promise<void>;
}

/** Some seconds of full load, or days of ordinary use; about 5 MB. */
const CAPACITY = 50_000;
/** Rows in one INSERT: more would hold the thread for longer than an answer takes. */
const BATCH = 1_000;
const FLUSH_MS = 500;

/** Keeps answered predictions and writes them in batches, so that no caller waits for the database. */
export function createPredictionLog(options: PredictionLogOptions): PredictionLog {
  const { write, onDropped, onFailure, isRefusal, onRefused, capacity = CAPACITY, flushMs = FLUSH_MS } = options;
  let held: NewPrediction[] = [];
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    let size = BATCH;
    while (held.length > 0) {
      const batch = held.slice(0, size);
      try {
        await write(batch);
      } catch (error) {
        if (!isRefusal(error)) {
          onFailure(error);
          return; // kept; the next flush tries again
        }
        if (batch.length > 1) {
          size = Math.ceil(batch.length / 2); // nearer to the entry that is refused
          continue;
        }
        for (const entry of batch) onRefused(entry, error);
      }
      held = held.slice(batch.length);
      size = Math.min(BATCH, 2 * size);
    }
  };

  const flush = (): Promise<void> => {
    writing ??= writeAll().finally(() => (writing = undefined));
    return writing;
  };
  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();

  return {
    add(entry) {
      if (held.length >= capacity) onDropped(1);
      else held.push(entry);
    },
    flush,
    get length() {
      return held.length;
    },
    async close() {
      clearInterval(timer);
      await flush();
      if (held.length > 0) onDropped(held.length);
    },
  };
}
