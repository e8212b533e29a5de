import type { FastifyBaseLogger } from 'fastify';
import { ShepherdError } from '../core/errors.ts';
import { createPredictor as createKernelPredictor } from '../core/model/infer.ts';
import type { Network, Predictor } from '../core/model/network.ts';
import { createDatabase } from '../db/connection/client.ts';
import { createApp } from './app.ts';
import type { EstimatorConfig } from './config.ts';
import { createDatabaseStore } from './serving/databaseStore.ts';
import { followChanges } from './serving/followChanges.ts';
import { createHealth } from './serving/health.ts';
import { createMetrics } from './serving/metrics.ts';
import { createPredictionLog } from './serving/predictionLog.ts';
import { createRecorder } from './serving/recorder.ts';
import { createServing } from './serving/serving.ts';

export interface EstimatorOptions {
  readonly config: EstimatorConfig;
  /** Login of the estimator's role. */
  readonly databaseUrl: string;
  readonly log: FastifyBaseLogger;
  /** How a network becomes a predictor; default: our kernel. */
  readonly createPredictor?: (network: Network) => Predictor;
}

export interface RunningEstimator {
  readonly url: string;
  /** Finishes what is being answered, writes what is held of the prediction log, and closes. */
  close(): Promise<void>;
}

const SECOND = 1_000;

/**
 * Starts the estimator. It listens at once and answers as soon as a champion is there, also when the database is away at the
 * start: then it goes on trying.
 */
export async function startEstimator({
  config,
  databaseUrl,
  log,
  createPredictor = createKernelPredictor,
}: EstimatorOptions): Promise<RunningEstimator> {
  const metrics = createMetrics();
  const database = createDatabase({
    url: databaseUrl,
    applicationName: 'shepherd estimator',
    onConnectionLost: (error) => {
      log.warn({ reason: error.message }, 'a database connection was lost');
    },
  });
  const store = createDatabaseStore(database);
  let dropped = 0;
  let databaseUp = false;
  const noteDatabase = (up: boolean, error?: unknown): void => {
    if (up === databaseUp) return;
    databaseUp = up;
    metrics.databaseUp.set(up ? 1 : 0);
    if (up) log.info('the database answers');
    else
      log.warn(
        { reason: error instanceof Error ? error.message : String(error) },
        'the database is away; answering from memory',
      );
  };

  const serving = createServing({
    store,
    createPredictor,
    preferred: config.symbols,
    events: {
      onActivated(model, previous) {
        metrics.switches.inc();
        if (previous !== undefined)
          metrics.activeModel.remove({ symbol: previous.symbol, version: String(previous.version) });
        metrics.activeModel.set({ symbol: model.symbol, version: String(model.version) }, 1);
        const { symbol, version, trainedTo } = model;
        log.info({ symbol, version, previous: previous?.version ?? null, trainedTo }, 'a model began to answer');
      },
      onFault({ symbol, version, reason }) {
        metrics.loadFailures.inc();
        log.error(
          { symbol, version, reason },
          'a promoted model failed its checks; the one before it goes on answering',
        );
      },
    },
  });
  const predictionLog = createPredictionLog({
    write: (entries) => store.appendPredictions(entries),
    onDropped(count) {
      dropped += count;
      metrics.logDropped.inc(count);
    },
    onFailure(error) {
      if (isDatabaseAway(error)) noteDatabase(false, error);
      else log.error({ err: error }, 'the prediction log could not be written');
    },
  });
  const app = await createApp({
    config,
    serving,
    records: store,
    recorder: createRecorder({ log: predictionLog, duration: metrics.duration, now: Date.now }),
    health: createHealth({ serving, log: predictionLog, databaseUp: () => databaseUp, dropped: () => dropped }),
    metrics,
    log,
  });
  const changes = followChanges({
    store,
    serving,
    pollMs: config.pollSeconds * SECOND,
    onAnswered: () => {
      noteDatabase(true);
    },
    onFailure(error) {
      if (isDatabaseAway(error)) noteDatabase(false, error);
      else log.error({ err: error }, 'a change in the database could not be followed');
    },
  });
  const close = async (): Promise<void> => {
    await app.close();
    await changes.stop();
    await predictionLog.close();
    await database.close();
  };
  try {
    await changes.started;
    const url = await app.listen({ host: config.host, port: config.port });
    return { url, close };
  } catch (error) {
    await close();
    throw portTaken(error, config) ?? error;
  }
}

/** The one failure to listen that a person meets, as a sentence. */
function portTaken(error: unknown, { host, port }: EstimatorConfig): ShepherdError | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return undefined;
  return new ShepherdError(
    'INVALID_CONFIG',
    `Port ${port} of ${host} is taken by another program; set ESTIMATOR_PORT to a free one.`,
    { cause: error },
  );
}

const isDatabaseAway = (error: unknown): boolean =>
  error instanceof ShepherdError && error.code === 'DATABASE_UNAVAILABLE';
