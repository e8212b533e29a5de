import { ShepherdError } from '../core/errors.ts';
import { createPredictor as createKernelPredictor } from '../core/model/infer.ts';
import type { Network, Predictor } from '../core/model/network.ts';
import { createDatabase } from '../db/connection/client.ts';
import { isRefusedValue } from '../db/connection/refusedValue.ts';
import { listen } from '../service/listen.ts';
import type { Log } from '../service/log.ts';
import { createApp } from './app.ts';
import type { EstimatorConfig } from './config.ts';
import { createDatabaseStore } from './serving/databaseStore.ts';
import { followChanges } from './serving/followChanges.ts';
import { createHealth } from './serving/health.ts';
import { createMetrics } from './serving/metrics.ts';
import { createPredictionLog } from './serving/predictionLog.ts';
import { createRecorder } from './serving/recorder.ts';
import { createServing } from './serving/serving.ts';
import { createTables } from './serving/tables.ts';

export interface EstimatorOptions {
  readonly config: EstimatorConfig;
  /** Login of the estimator's role. */
  readonly databaseUrl: string;
  readonly log: Log;
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
      log.warn('A connection to the database was lost; it is made again when needed.', error);
    },
  });
  const store = createDatabaseStore(database);
  let dropped = 0;
  let databaseUp = false;
  const noteDatabase = (up: boolean, error?: unknown): void => {
    if (up === databaseUp) return;
    databaseUp = up;
    metrics.databaseUp.set(up ? 1 : 0);
    if (up) log.note('The database answers.');
    else log.warn('The database is away; answering from memory.', error);
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
        const after = previous === undefined ? '' : ` after model ${previous.version}`;
        log.note(`${symbol}: model ${version}, trained to ${trainedTo}, answers now${after}.`, { symbol, version });
      },
      onFault({ symbol, version, reason }) {
        metrics.loadFailures.inc();
        log.error(`${symbol}: model ${version} failed its checks and the one before it goes on answering: ${reason}`);
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
      else log.error('The prediction log could not be written.', error);
    },
    isRefusal: isRefusedValue,
    onRefused({ symbol, form }, error) {
      metrics.logRefused.inc();
      log.error(`${symbol}: one answer (${form}) cannot be kept in the prediction log and is set aside.`, error);
    },
  });
  const app = await createApp({
    config,
    serving,
    records: store,
    tables: createTables(database),
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
      else log.error('A change in the database could not be followed.', error);
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
    const url = await listen(app, config, 'ESTIMATOR_PORT');
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const isDatabaseAway = (error: unknown): boolean =>
  error instanceof ShepherdError && error.code === 'DATABASE_UNAVAILABLE';
