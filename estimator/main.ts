import { ShepherdError } from '../core/errors.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startEstimator } from './server.ts';

/** The estimator as a process of its own, as the container runs it. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (config.databaseUrl === undefined) {
    throw new ShepherdError(
      'INVALID_CONFIG',
      'DATABASE_URL is not set; the estimator needs the database of the shepherd.',
    );
  }
  const log = createLog(config.logFormat, (line) => process.stdout.write(line));
  const estimator = await startEstimator({ config, databaseUrl: config.databaseUrl, log });
  log.info({ url: estimator.url }, 'the estimator listens');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'the estimator stops');
      void estimator.close().then(() => process.exit(0));
    });
  }
}

main().catch((error: unknown) => {
  const expected = error instanceof ShepherdError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  process.exitCode = expected ? error.exitStatus : 1;
});
