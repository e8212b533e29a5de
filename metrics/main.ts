import { ShepherdError } from '../core/errors.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startMetrics } from './server.ts';

try {
  const config = readConfig(process.env);
  if (config.databaseUrl === undefined) {
    throw new ShepherdError(
      'INVALID_CONFIG',
      'DATABASE_URL is not set; it names the PostgreSQL that the metrics are read from.',
    );
  }
  const log = createLog(config.logFormat);
  const server = await startMetrics({ config, databaseUrl: config.databaseUrl, log });
  log.note(`Metrics at ${server.url}/metrics.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ShepherdError ? error.exitStatus : 1;
}
