// A process that opens the embedded database and keeps it: node tenant.js DATA_DIR [write]
// It prints one JSON line with the URLs; with `write` it then commits numbers without end and prints each once it is committed.
import { createDatabase } from '../../../db/connection/client.ts';
import { openDatabase } from '../../../db/server/open.ts';

const [dataDir, task] = process.argv.slice(2);
const { urls, stop } = await openDatabase({ dataDir: dataDir! });
process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify(urls)}\n`);
if (task === 'write') {
  const db = createDatabase({ url: urls.owner, applicationName: 'writer' });
  await db.query('CREATE TABLE IF NOT EXISTS written (n bigint PRIMARY KEY)');
  for (let n = Date.now(); ; n += 1) {
    await db.query('INSERT INTO written (n) VALUES ($1)', [n]);
    process.stdout.write(`${n}\n`);
  }
} else {
  setInterval(() => undefined, 60_000); // stays until it is ended
}
