import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test, type TestContext } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import { createDatabase } from '../../db/connection/client.ts';
import { migrate } from '../../db/schema/migrate.ts';
import { startServer, type Server } from '../../db/server/server.ts';
import { recordFaults } from '../helpers/sealedRecord.ts';
import { listRuns } from '../../db/tables/runs.ts';
import { saveModelParameters, saveSeries } from '../../db/tables/series.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { csvFolder, simulatedCsv } from '../helpers/shepherdRun.ts';
import { SMALL_SPEC } from '../helpers/smallModel.ts';

// A server of their own, as these tests stop it.
const folder = mkdtempSync(join(tmpdir(), 'shepherd-restart-'));
let server: Server;
let url: string;

const startAgain = async (port?: number): Promise<void> => {
  const settings = ['fsync=off', ...(port === undefined ? [] : [`port=${port}`])];
  server = await startServer({ folder: join(folder, 'postgres'), log: () => undefined, settings });
};

const Y = parseSymbol('Y');

before(async () => {
  await startAgain();
  url = `postgres://postgres:${server.passwords.postgres}@127.0.0.1:${server.port}/postgres`;
  await migrate(url);
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** The shepherd as it is deployed; `line` resolves with the next line that holds the words. */
function startService(t: TestContext, csvPath: string, symbol = 'X') {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/shepherd/main.js')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: url,
      SOURCE: 'csv',
      CSV_PATH: csvPath,
      DATA_DIR: join(folder, 'data'),
      SYMBOLS: symbol,
      SCHEDULE: '0 0 1 1 *',
      SHEPHERD_PORT: '0',
      TRAINING_THREADS: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (words: string): Promise<string> => {
    for (let next = await lines.next(); next.done !== true; next = await lines.next())
      if (next.value.includes(words)) return next.value;
    throw new Error(`the process ended without saying "${words}"`);
  };
  const stop = async (): Promise<unknown> => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    return (await ended)[0] as unknown;
  };
  return { line, stop };
}

test(
  'a database that is not there yet is waited for, in so many words, and so is the signal to stop',
  { timeout: 120_000 },
  async (t) => {
    const csv = csvFolder(t, { X: simulatedCsv(10, 1) });
    const { port } = server;
    await server.stop();
    const impatient = startService(t, csv);
    await impatient.line('Waiting for it');
    assert.equal(await impatient.stop(), 130);
    const patient = startService(t, csv);
    assert.match(await patient.line('Waiting for it'), /ECONNREFUSED.*Waiting for it, \d+ s more at most\./);
    await startAgain(port);
    await patient.line('The database is there.');
    await patient.line('shepherd:started');
    await patient.line('run:failed'); // ten days are too few
    assert.equal(await patient.stop(), 0);
  },
);

test(
  'a restart of the database in the middle of a run ends no process, and the run gets to its end in the same one',
  { timeout: 180_000 },
  async (t) => {
    const db = createDatabase({ url, applicationName: 'test' });
    t.after(() => db.close());
    await db.query(`UPDATE runs SET state = 'failed' WHERE state IN ('queued', 'running')`); // of the test before
    await saveSeries(db, { symbol: Y, source: 'csv', transform: 'log-return', timeZone: 'UTC' });
    await saveModelParameters(db, Y, { units: SMALL_SPEC.units, maxEpochs: 3 });
    const service = startService(t, csvFolder(t, { Y: simulatedCsv(720, 6) }), Y);
    const { port } = server;
    for (const step of ['prices:pulled', 'retrain:decided']) {
      await service.line(step);
      await server.stop();
      await startAgain(port);
    }
    await service.line('run:finished');
    assert.equal(await service.stop(), 0);
    const [run, ...more] = await listRuns(db, { symbol: Y, limit: 9 });
    assert.deepEqual([run?.state, run?.outcome, more.length], ['done', 'promoted', 0]);
    assert.deepEqual(await recordFaults(db, join(folder, 'data')), []);
  },
);
