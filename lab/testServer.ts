// The PostgreSQL that all test files share, run by a process of its own: `node testServer.js FOLDER`, started by `database.ts`.
// Each user holds a connection to this process; also a killed one loses it, so the server ends soon after its last user in any case.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../db/schema/migrate.ts';
import { openDatabase } from '../db/server/open.ts';

/** What users read in `server.json` once the server is ready. */
export interface TestServer {
  readonly pid: number;
  /** Where users connect to keep it running. */
  readonly port: number;
  /** The owner's URL of its `postgres` database, and those of the logins; the template to clone is `shepherd`. */
  readonly urls: Record<'owner' | 'shepherd' | 'estimator' | 'metrics', string>;
}

/** Mostly longer than the gap between two test files that need a database. */
const LINGER_MS = 1_500;

/** Nothing in a test outlives the machine. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

const [, , folder = ''] = process.argv;
if (folder === '') throw new Error('testServer needs the folder of its data');
const database = await openDatabase({ dataDir: folder, settings: SETTINGS });
await migrate(database.urls.owner);
const client = new pg.Client({ connectionString: database.urls.owner.replace(/\/shepherd$/, '/postgres') });
await client.connect();
await client.query('ALTER DATABASE shepherd ALLOW_CONNECTIONS false'); // a template is cloned only while nobody is in it
await client.end();

let users = 0;
let ending = setTimeout(() => void end(), 10 * LINGER_MS);
const gate = createServer((socket) => {
  users += 1;
  clearTimeout(ending);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    users -= 1;
    if (users === 0) ending = setTimeout(() => void end(), LINGER_MS);
  });
  socket.write('welcome');
});
gate.listen(0, '127.0.0.1', () => {
  const address = gate.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ready: TestServer = { pid: process.pid, port, urls: database.urls };
  writeFileSync(join(folder, 'server.json.tmp'), JSON.stringify(ready), { mode: 0o600 });
  renameSync(join(folder, 'server.json.tmp'), join(folder, 'server.json'));
});

async function end(): Promise<void> {
  gate.close();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
