import { migrate } from '../db/schema/migrate.ts';
import { waitForSchema } from '../db/schema/version.ts';
import { waitForDatabase } from '../db/connection/waitForDatabase.ts';
import { openDatabase } from '../db/server/open.ts';
import { runProgram } from '../service/program.ts';
import { readConfig } from './config.ts';
import { startShepherd } from './service.ts';

/** The shepherd as a service of its own: waits for the tables that `shepherd migrate` makes, then keeps the flock until SIGTERM. */
await runProgram(process.env, async (log, signal) => {
  const config = readConfig(process.env);
  const server = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir });
  await waitForDatabase(server.urls.shepherd, { note: log.note, signal });
  if (server.embedded) await migrate(server.urls.owner);
  await waitForSchema(server.urls.shepherd, { note: log.note, signal });
  const shepherd = await startShepherd({
    config,
    databaseUrl: server.urls.shepherd,
    log,
    isTerminal: process.stdout.isTTY,
  });
  log.note(`Control at ${shepherd.url}${config.token === undefined ? ' (off: no SHEPHERD_TOKEN)' : ''}.`);
  return {
    async close() {
      await shepherd.close();
      await server.stop();
    },
  };
});
