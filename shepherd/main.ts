import { ShepherdError } from '../core/errors.ts';
import { migrate } from '../db/schema/migrate.ts';
import { openDatabase } from '../db/server/open.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startShepherd } from './service.ts';

/** The shepherd as a service of its own: migrates the database, then keeps the flock until SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ format: config.logFormat, colour: process.stdout.isTTY });
  const server = await openDatabase({
    url: config.databaseUrl,
    ownerUrl: config.ownerDatabaseUrl,
    dataDir: config.dataDir,
  });
  await migrate(server.urls.owner);
  const shepherd = await startShepherd({
    config,
    databaseUrl: server.urls.shepherd,
    log,
    isTerminal: process.stdout.isTTY,
  });
  log.note(`Control at ${shepherd.url}${config.token === undefined ? ' (off: no SHEPHERD_TOKEN)' : ''}.`);
  const stop = (): void => {
    log.note('Stopping.');
    void shepherd.close().then(() => server.stop());
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ShepherdError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = error instanceof ShepherdError ? error.exitStatus : 1;
});
