import { ShepherdError } from '../../../core/errors.ts';
import type { FastifyInstance } from 'fastify';
import { silentLog } from '../../../lab/silentLog.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { sliceSeries, type Series } from '../../../core/series/price.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { createApp } from '../../../estimator/app.ts';
import { readConfig } from '../../../estimator/config.ts';
import { createHealth } from '../../../estimator/serving/health.ts';
import { createMetrics } from '../../../estimator/serving/metrics.ts';
import { createPredictionLog, type PredictionLog } from '../../../estimator/serving/predictionLog.ts';
import { createRecorder } from '../../../estimator/serving/recorder.ts';
import { createServing, type Serving } from '../../../estimator/serving/serving.ts';
import type { Log } from '../../../service/log.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { createMemoryStore, type MemoryStore } from './memoryStore.ts';
import { storedModel } from '../../../lab/servedModel.ts';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly store: MemoryStore;
  readonly serving: Serving;
  readonly log: PredictionLog;
  /** The series of the default symbol, CALM. */
  readonly series: Series;
}

/** 400 days, every calendar day from 2000-01-01; the models know the first 300. */
export const TEST_SERIES = simulateSeries({ length: 400, seed: 11 });

export interface TestAppOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The series of both symbols; default TEST_SERIES. */
  readonly series?: Series;
  /** Promote and load the models of CALM and OTHER; default true. */
  readonly loaded?: boolean;
  /** Milliseconds since 1970, for the prediction log; default 0. */
  readonly now?: () => number;
  /** Where the application's own log goes; default nowhere. */
  readonly appLog?: Log;
  readonly maxLatenessMs?: number;
}

/** The whole application on a store in memory: model 1 serves CALM (the default), model 2 serves OTHER. */
export async function createTestApp(
  t: { after(work: () => Promise<unknown>): void },
  {
    environment = {},
    loaded = true,
    series = TEST_SERIES,
    now = () => 0,
    appLog = silentLog,
    maxLatenessMs = Infinity,
  }: TestAppOptions = {},
): Promise<TestApp> {
  const store = createMemoryStore();
  if (loaded) {
    for (const [symbol, version] of [
      [parseSymbol('CALM'), parseVersion(1)],
      [parseSymbol('OTHER'), parseVersion(2)],
    ] as const) {
      store.champions.set(symbol, version);
      store.series.set(symbol, series);
      store.models.set(version, storedModel(symbol, version, sliceSeries(series, 0, 300)));
    }
  }
  const metrics = createMetrics();
  const serving = createServing({
    store,
    createPredictor,
    preferred: [],
    events: {
      onActivated: () => undefined,
      onFault: () => {
        metrics.loadFailures.inc();
      },
    },
  });
  const log = createPredictionLog({
    write: (entries) => store.appendPredictions(entries),
    onDropped: (count) => {
      metrics.logDropped.inc(count);
    },
    onFailure: () => undefined,
    isRefusal: () => false,
    onRefused: () => undefined,
  });
  const app = await createApp({
    config: readConfig(environment),
    serving,
    records: store,
    // Without a database there are none.
    tables: {
      find: () => Promise.reject(new ShepherdError('UNKNOWN_TABLE', 'There is no table; none has been trained yet.')),
    },
    recorder: createRecorder({ log, duration: metrics.duration, now }),
    health: createHealth({ serving, log, databaseUp: () => !store.away, dropped: () => 0 }),
    metrics,
    log: appLog,
    // Other work on this machine is not what these tests are about.
    maxLatenessMs,
  });
  await serving.refreshAll();
  t.after(async () => {
    await app.close();
    await log.close();
  });
  return { app, store, serving, log, series };
}
