import { collectDefaultMetrics, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../core/errors.ts';
import type { RecordedEvent } from '../core/events.ts';
import { appendEvent } from '../db/tables/events.ts';
import { startSealer } from './record/sealer.ts';
import { createDatabase } from '../db/connection/client.ts';
import { startCronClock, startFeedClock, type Clock } from './queue/clock.ts';
import type { ShepherdConfig } from './config.ts';
import { createActions } from './control/actions.ts';
import { createControlApp } from './control/app.ts';
import { answersIn } from './control/idempotency.ts';
import { listen } from '../service/listen.ts';
import type { Log } from '../service/log.ts';
import { followSymbols } from './follow.ts';
import { reapRuns } from './queue/reap.ts';
import type { RunContext } from './run/context.ts';
import { attemptRun } from './run/run.ts';
import { dueSlot } from './queue/schedule.ts';
import type { RunId } from '../core/runId.ts';
import { listSeries } from '../db/tables/series.ts';
import { effectiveSettings } from './settings.ts';
import { openSource } from './feeds/open.ts';
import { watchPlay } from './played.ts';
import { shareStory } from './sharedStory.ts';
import { startSender } from './tracking/sender.ts';
import { mlflowDelivery } from './tracking/tracker.ts';
import { createRunContext } from './run/createContext.ts';
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
export async function startShepherd(options: ShepherdOptions): Promise<ShepherdService> {
  /** What ends each part, the last one started first: a start that fails half way leaves nothing behind. */
  const ends: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return { url: await startParts(options, ends), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(
  { config, databaseUrl, log: ownLog, isTerminal, now = Date.now }: ShepherdOptions,
  ends: (() => Promise<void> | void)[],
): Promise<string> {
  const db = createDatabase({
    url: databaseUrl,
    applicationName: 'shepherd',
    onConnectionLost: (error) => {
      ownLog.error('A connection to the database was lost; it is made again when needed.', error);
    },
  }).as('schedule');
  const story = shareStory(db, ownLog);
  const { log } = story;
  ends.push(() => db.close());
  const sealer = await startSealer(db, config.dataDir, log);
  ends.push(() => sealer.stop());
  const source = await openSource(config, db, now);
  const stopping = new AbortController();
  const context = createRunContext(config, { db, databaseUrl, source, log, now, isTerminal, signal: stopping.signal });
  ends.push(() => context.pool.close());
  const delivery = mlflowDelivery(config, { db, log });
  if (delivery !== undefined) ends.push(startSender(delivery));
  const followed = followSymbols(config.symbols, context);
  await followed.begin();
  // What contradicts the environment is said now, and not by each run.
  for (const series of await listSeries(db)) effectiveSettings(config.settings, series);
  const tell = async (kind: 'shepherd:started' | 'shepherd:stopped', sentence: string): Promise<RecordedEvent> => {
    const payload = { source: source.name, symbols: config.symbols, schedule: config.schedule ?? null };
    const event = await appendEvent(db, { kind, symbol: null, runId: null, payload, sentence });
    log.event(event);
    return event;
  };
  story.beginAfter(
    await tell('shepherd:started', `Keeping ${config.symbols.join(', ')} from ${source.name}, ${whenOf(config)}.`),
  );
  ends.push(story.follow());
  ends.push(async () => {
    // A database that is already gone must not keep the process from ending.
    await tell('shepherd:stopped', 'Stopped.').catch(() => undefined);
  });
  const sayWhenOver = watchPlay({ db, source, symbol: config.symbols[0], log });

  const worker = startWorker({
    db,
    concurrency: RUNS_AT_ONCE,
    log,
    execute: (runId) => attemptQueued(runId, context).then(sayWhenOver),
  });
  ends.push(() => worker.stop());
  const recover = (): void => {
    reapRuns(context).catch((error: unknown) => {
      log.error('Unfinished runs could not be looked for.', error);
    });
  };
  recover();
  const recovery = setInterval(() => {
    recover();
    // A slot that could not be claimed while the database was away, or whose tick a sleeping machine missed, is claimed now.
    if (config.schedule !== undefined) followed.tick(dueSlot(config.schedule, now()));
  }, RECOVERY_EVERY_MS);
  ends.push(() => {
    clearInterval(recovery);
  });
  const clock: Clock =
    config.schedule === undefined
      ? startFeedClock(() => source.today(), config.sampleDaySeconds * 250, followed)
      : startCronClock(config.schedule, { ...followed, now });
  ends.push(() => clock.stop());

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const app: FastifyInstance = await createControlApp({
    actions: createActions(context),
    answers: answersIn(db),
    token: config.token,
    bodyLimitBytes: config.bodyLimitBytes,
    registry,
    log,
  });
  ends.push(() => app.close());
  // Runs under way give their place back at once, before anything is waited for.
  ends.push(() => {
    stopping.abort();
  });
  return listen(app, config, 'SHEPHERD_PORT');
}

/** Carries out a run of the queue; where another worker was quicker, there is nothing to do. */
async function attemptQueued(runId: RunId, context: RunContext): Promise<void> {
  try {
    await attemptRun(runId, context, { patienceMs: 0 });
  } catch (error) {
    if (!(error instanceof ShepherdError) || !['CONFLICT', 'CANCELLED'].includes(error.code)) throw error;
  }
}

function whenOf({ schedule, sampleDaySeconds }: ShepherdConfig): string {
  return schedule === undefined ? `a trading day every ${sampleDaySeconds} s` : `on the schedule "${schedule}" (UTC)`;
}
