import { ShepherdError } from '../core/errors.ts';
import { migrate } from '../db/schema/migrate.ts';
import { openDatabase } from '../db/server/open.ts';
import { readConfig as readEstimatorConfig } from '../estimator/config.ts';
import { createLog as createEstimatorLog } from '../estimator/log.ts';
import { startEstimator } from '../estimator/server.ts';
import { readConfig as readMetricsConfig } from '../metrics/config.ts';
import { startMetrics } from '../metrics/server.ts';
import { readConfig } from '../shepherd/config.ts';
import { createLog } from '../shepherd/log.ts';
import { startShepherd } from '../shepherd/service.ts';

/** The whole system in one process: database, estimator with its page, metrics, shepherd. */
async function start(): Promise<void> {
  const config = readConfig(process.env);
  const estimatorConfig = readEstimatorConfig(process.env);
  const metricsConfig = readMetricsConfig(process.env);
  const log = createLog({ format: config.logFormat, colour: process.stdout.isTTY });
  const closing: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      log.note('Stopping; everything stored stays.');
      for (const close of closing.reverse()) await close();
    })());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

  try {
    const server = await openDatabase({
      url: config.databaseUrl,
      ownerUrl: config.ownerDatabaseUrl,
      dataDir: config.dataDir,
      log: (line) => {
        log.note(line);
      },
    });
    closing.push(() => server.stop());
    void server.exited?.then(() => {
      if (stopping !== undefined) return;
      log.error('The database ended unasked; stopping. Start again: every committed row is there.');
      process.exitCode = 5;
      void stop();
    });
    await migrate(server.urls.owner);
    log.note(server.embedded ? `PostgreSQL runs in ${config.dataDir}.` : 'Using the database of DATABASE_URL.');

    const estimator = await startEstimator({
      config: estimatorConfig,
      databaseUrl: estimatorConfig.databaseUrl ?? server.urls.estimator,
      log: createEstimatorLog(config.logFormat, (line) => process.stdout.write(line)),
    });
    closing.push(() => estimator.close());
    const metrics = await startMetrics({
      config: metricsConfig,
      databaseUrl: metricsConfig.databaseUrl ?? server.urls.metrics,
      log,
    });
    closing.push(() => metrics.close());
    const shepherd = await startShepherd({
      config,
      databaseUrl: server.urls.shepherd,
      log,
      isTerminal: process.stdout.isTTY,
    });
    closing.push(() => shepherd.close());

    log.note(
      `Page and forecasts  ${estimator.url}  (try: curl -X POST ${estimator.url}/predict -H 'content-type: application/json' -d '{"horizon":5}')`,
    );
    log.note(`API documentation   ${estimator.url}/docs`);
    log.note(`Metrics             ${metrics.url}/metrics`);
    log.note(`Shepherd control    ${shepherd.url}${config.token === undefined ? '  (off: no SHEPHERD_TOKEN)' : ''}`);
    log.note('Ctrl-C stops everything.');
  } catch (error) {
    await stop();
    throw error;
  }
}

start().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ShepherdError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = error instanceof ShepherdError ? error.exitStatus : 1;
});
