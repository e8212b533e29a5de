import { ShepherdError } from '../core/errors.ts';
import { migrate } from '../db/schema/migrate.ts';
import { waitForDatabase } from '../db/connection/waitForDatabase.ts';
import { openDatabase } from '../db/server/open.ts';
import { readConfig as readEstimatorConfig } from '../estimator/config.ts';
import { startEstimator } from '../estimator/server.ts';
import { readConfig as readMetricsConfig } from '../metrics/config.ts';
import { startMetrics } from '../metrics/server.ts';
import type { Log } from '../service/log.ts';
import { runProgram, type Running } from '../service/program.ts';
import { readConfig } from '../shepherd/config.ts';
import { startShepherd } from '../shepherd/service.ts';

/** The whole system in one process: database, estimator with its page, metrics, shepherd. */
async function start(log: Log, signal: AbortSignal): Promise<Running> {
  const config = readConfig(process.env);
  const estimatorConfig = readEstimatorConfig(process.env);
  const metricsConfig = readMetricsConfig(process.env);
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const server = await openDatabase({
      url: config.databaseUrl,
      ownerUrl: config.ownerDatabaseUrl,
      dataDir: config.dataDir,
      log: log.note,
    });
    closing.push(() => server.stop());
    await waitForDatabase(server.urls.owner, { note: log.note, signal });
    await migrate(server.urls.owner);
    log.note(server.embedded ? `PostgreSQL runs in ${config.dataDir}.` : 'Using the database of DATABASE_URL.');

    const estimator = await startEstimator({
      // What is kept here is what a request without a symbol means, whatever is imported beside it.
      config: { ...estimatorConfig, symbols: config.symbols },
      databaseUrl: estimatorConfig.databaseUrl ?? server.urls.estimator,
      log,
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

    const question = `curl -X POST ${estimator.url}/predict -H 'content-type: application/json' -d '{"horizon":5}'`;
    log.note(`Page and forecasts  ${estimator.url}  (try: ${question})`);
    log.note(`API documentation   ${estimator.url}/docs`);
    log.note(`Metrics             ${metrics.url}/metrics`);
    log.note(`Shepherd control    ${shepherd.url}${config.token === undefined ? '  (off: no SHEPHERD_TOKEN)' : ''}`);
    log.note('Ctrl-C stops everything.');
    const failed = server.exited?.then(
      () =>
        new ShepherdError(
          'DATABASE_UNAVAILABLE',
          'The database ended unasked; stopping. Start again: every committed row is there.',
        ),
    );
    return { close, ...(failed === undefined ? {} : { failed }) };
  } catch (error) {
    await close();
    throw error;
  }
}

await runProgram(process.env, start);
