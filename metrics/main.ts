import { runProgram } from '../service/program.ts';
import { requireDatabaseUrl } from '../service/settings/read.ts';
import { readConfig } from './config.ts';
import { startMetrics } from './server.ts';

/** The metrics service as a process of its own, as the container runs it. */
await runProgram(process.env, async (log) => {
  const config = readConfig(process.env);
  const metrics = await startMetrics({ config, databaseUrl: requireDatabaseUrl(config), log });
  log.note(`Metrics at ${metrics.url}/metrics.`);
  return metrics;
});
