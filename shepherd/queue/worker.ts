import { Logger, run as startRunner } from 'graphile-worker';
import { RUN_TASK } from '../../db/tables/jobs.ts';
import type { Log } from '../../service/log.ts';

export interface WorkerOptions {
  readonly databaseUrl: string;
  /** Runs worked on at once, of different symbols. */
  readonly concurrency: number;
  readonly log: Log;
  /** Carries out one claimed run; a throw puts it back on the queue with a growing pause. */
  readonly execute: (runId: string) => Promise<void>;
}

export interface RunWorker {
  /** Rejects if the queue itself fails. */
  readonly ended: Promise<void>;
  /** Takes no new run; runs under way finish their step or are taken up again by the next process. */
  stop(): Promise<void>;
}

const POLL_MS = 1_000;

/** Takes runs off the queue in PostgreSQL; any number of processes on any number of machines may do so. */
export async function startWorker({ databaseUrl, concurrency, log, execute }: WorkerOptions): Promise<RunWorker> {
  const runner = await startRunner({
    connectionString: databaseUrl,
    concurrency,
    maxPoolSize: concurrency + 2,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => (level, message) => {
      // The level is a const enum of strings, which isolated modules cannot name.
      if ((level as string) !== 'error') return;
      // What happened to a run is told by the run itself.
      if (message.startsWith('Failed task')) return;
      const [reason = message] = message.split('\n');
      log.error(
        message.startsWith('PostgreSQL') ? 'The queue lost a connection to the database; it is made again.' : reason,
      );
    }),
    taskList: {
      [RUN_TASK]: async (payload) => {
        await execute(runIdOf(payload));
      },
    },
  });
  return {
    ended: runner.promise,
    async stop() {
      await runner.stop();
      // Only then are its connections closed; a database stopped before would end this process.
      await runner.promise;
    },
  };
}

function runIdOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'runId' in payload && typeof payload.runId === 'string') {
    return payload.runId;
  }
  throw new Error(`The queue holds a job without a run: ${JSON.stringify(payload)}.`);
}
