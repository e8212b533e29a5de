import type { RunId } from '../../core/runId.ts';
import { findDueRun, type WaitingRun } from '../../db/tables/queue.ts';
import type { Client } from '../../db/connection/client.ts';
import type { Log } from '../../service/log.ts';

export interface WorkerOptions {
  readonly db: Client;
  /** Runs worked on at once, of different series. */
  readonly concurrency: number;
  readonly log: Pick<Log, 'warn' | 'note' | 'error'>;
  /** Carries out one run and stores how it went; a throw is told, and the run is taken up again. */
  readonly execute: (runId: RunId) => Promise<unknown>;
  readonly pollMs?: number;
}

export interface RunWorker {
  /** Takes no new run, and resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** A look costs a fraction of a millisecond; nothing depends on a notification that may be lost. */
const POLL_MS = 500;

/**
 * Takes runs off the queue, which is the ledger of runs itself; any number of processes on any number of machines may do so, as each run is
 * begun under its series' lease. Whatever the database does, it goes on looking until it is stopped.
 */
export function startWorker({ db, concurrency, log, execute, pollMs = POLL_MS }: WorkerOptions): RunWorker {
  const underWay = new Map<string, Promise<void>>();
  let stopped = false;
  let away = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  const begin = ({ id, symbol }: WaitingRun): void => {
    const ended = execute(id).then(
      () => {
        underWay.delete(symbol);
        lookIn(0);
      },
      (error: unknown) => {
        log.error(`${symbol}: run ${id} could not be carried out; it is taken up again.`, error);
        underWay.delete(symbol);
        lookIn(pollMs);
      },
    );
    underWay.set(symbol, ended);
  };
  const look = async (): Promise<void> => {
    try {
      while (!stopped && underWay.size < concurrency) {
        const run = await findDueRun(db, [...underWay.keys()]);
        if (away) log.note('The queue of runs can be read again.');
        away = false;
        if (run === undefined) return;
        begin(run);
      }
    } catch (error) {
      if (!away && !stopped) log.warn('The queue of runs cannot be read; it is tried again until it can.', error);
      away = true;
    }
  };
  const lookIn = (ms: number): void => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      looking = looking.then(look).then(() => {
        lookIn(pollMs);
      });
    }, ms);
  };
  lookIn(0);

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await Promise.all(underWay.values());
    },
  };
}
