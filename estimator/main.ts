import { runProgram } from '../service/program.ts';
import { requireDatabaseUrl } from '../service/settings/read.ts';
import { readConfig } from './config.ts';
import { startEstimator } from './server.ts';

/** The estimator as a process of its own, as the container runs it. */
await runProgram(process.env, async (log) => {
  const config = readConfig(process.env);
  const estimator = await startEstimator({ config, databaseUrl: requireDatabaseUrl(config), log });
  log.note(`Forecasts at ${estimator.url}.`);
  return estimator;
});
