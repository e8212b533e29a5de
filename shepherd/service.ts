import { collectDefaultMetrics, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import { appendEvent } from '../db/tables/events.ts';
import { requeueAbandonedRuns } from '../db/tables/jobs.ts';
import { createDatabase } from '../db/connection/client.ts';
import { startCronClock, startFeedClock, type Clock } from './queue/clock.ts';
import type { ShepherdConfig } from './config.ts';
import { createActions } from './control/actions.ts';
import { createControlApp } from './control/app.ts';
import { listen } from '../service/listen.ts';
import type { Log } from '../service/log.ts';
import { queueSlot } from './queue/queue.ts';
import type { RunContext } from './run/context.ts';
import { failRun } from './run/fail.ts';
import { executeRun } from './run/run.ts';
import { dueSlot, type DueSlot } from './queue/schedule.ts';
import { DEFAULT_SPEC } from '../core/model/spec.ts';
import { listSeries } from '../db/tables/series.ts';
import { effectiveSettings } from './settings.ts';
import { openSource } from './feeds/open.ts';
import { ensureSeries } from './intake/series.ts';
import { createTracker } from './tracking/tracker.ts';
import { createTrainingPool } from './threads/pool.ts';
import { startWorker } from './queue/worker.ts';

export interface ShepherdOptions {
  readonly config: ShepherdConfig;
  readonly databaseUrl: string;
  readonly log: Log;
  readonly isTerminal: boolean;
  readonly now?: () => number;
}

export interface ShepherdService {
  /** Of the control service. */
  readonly url: string;
  close(): Promise<void>;
}

/** Runs of different symbols worked on side by side: while one trains, another pulls. */
const RUNS_AT_ONCE = 2;
const RECOVERY_EVERY_MS = 15_000;

/** The shepherd whole: clock, queue worker, training threads and control service in this process. */
export async function startShepherd({
  config,
  databaseUrl,
  log,
  isTerminal,
  now = Date.now,
}: ShepherdOptions): Promise<ShepherdService> {
  const db = createDatabase({
    url: databaseUrl,
    applicationName: 'shepherd',
    onConnectionLost: (error) => {
      log.error('A connection to the database was lost; it is made again when needed.', error);
    },
  });
  const source = await openSource(config, db, now);
  const pool = createTrainingPool(config.training);
  const stopping = new AbortController();
  const context: RunContext = {
    db,
    databaseUrl,
    source,
    pool,
    settings: { spec: DEFAULT_SPEC, ...config.settings },
    log,
    now,
    isTerminal,
    signal: stopping.signal,
    tracker: createTracker(config, log),
  };
  try {
    await ensureSeries(db, source, config.symbols, log);
    // What contradicts the environment is said now, and not by each run.
    for (const series of await listSeries(db)) effectiveSettings(config.settings, series);
  } catch (error) {
    await pool.close();
    await db.close();
    throw error;
  }
  const tell = async (kind: 'shepherd:started' | 'shepherd:stopped', sentence: string): Promise<void> => {
    const payload = { source: source.name, symbols: config.symbols, schedule: config.schedule ?? null };
    log.event(await appendEvent(db, { kind, symbol: null, runId: null, payload, sentence }));
  };
  await tell('shepherd:started', `Keeping ${config.symbols.join(', ')} from ${source.name}, ${whenOf(config)}.`);

  const worker = await startWorker({
    databaseUrl,
    concurrency: RUNS_AT_ONCE,
    log,
    execute: (runId) =>
      executeRun(runId, context).then(
        () => undefined,
        (error: unknown) => failRun(runId, error, context),
      ),
  });
  const tick = (due: DueSlot): void => {
    for (const symbol of config.symbols) {
      queueSlot(db, symbol, due, log).catch((error: unknown) => {
        log.error(`The run of ${symbol} for ${due.slot} could not be queued; it is tried again in a moment.`, error);
      });
    }
  };
  const recover = (): void => {
    requeueAbandonedRuns(db).then(
      (runs) => {
        for (const { id, symbol } of runs)
          log.note(`${symbol}: run ${id} was left unfinished by a process that is gone; it goes on here.`);
      },
      (error: unknown) => {
        log.error('Unfinished runs could not be looked for.', error);
      },
    );
  };
  recover();
  const recovery = setInterval(() => {
    recover();
    // A slot that could not be claimed while the database was away, or whose tick a sleeping machine missed, is claimed now.
    if (config.schedule !== undefined) tick(dueSlot(config.schedule, now()));
  }, RECOVERY_EVERY_MS);
  const clock: Clock =
    config.schedule === undefined
      ? startFeedClock(() => source.today(), config.sampleDaySeconds * 250, { tick })
      : startCronClock(config.schedule, { now, tick });

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const app: FastifyInstance = await createControlApp({
    actions: createActions(context),
    token: config.token,
    registry,
    log,
  });
  const url = await listen(app, config, 'SHEPHERD_PORT');

  return {
    url,
    async close() {
      await clock.stop();
      clearInterval(recovery);
      stopping.abort();
      await app.close();
      await worker.stop();
      await pool.close();
      // A database that is already gone must not keep the process from ending.
      await tell('shepherd:stopped', 'Stopped as asked.').catch(() => undefined);
      await db.close();
    },
  };
}

function whenOf({ schedule, sampleDaySeconds }: ShepherdConfig): string {
  return schedule === undefined ? `a trading day every ${sampleDaySeconds} s` : `on the schedule "${schedule}" (UTC)`;
}
