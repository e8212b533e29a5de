import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import { listPromotions } from '../../db/tables/promotions.ts';
import { listEvents } from '../../db/tables/events.ts';
import { recordFaults } from '../helpers/sealedRecord.ts';
import { listModels } from '../../db/tables/models.ts';
import { listRuns } from '../../db/tables/runs.ts';
import { saveModelParameters, saveSeries } from '../../db/tables/series.ts';
import { withDatabase } from '../../lab/database.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { csvFolder, simulatedCsv } from '../helpers/shepherdRun.ts';
import { SMALL_SPEC } from '../helpers/smallModel.ts';

/** The service as it is deployed, in a process of its own. */
function startService(databaseUrl: string, folder: string): ChildProcessByStdio<null, Readable, null> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/shepherd/main.js')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      SOURCE: 'csv',
      CSV_PATH: folder,
      DATA_DIR: join(folder, 'data'),
      SYMBOLS: 'X',
      SCHEDULE: '0 0 1 1 *',
      SHEPHERD_PORT: '0',
      TRAINING_THREADS: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return child;
}

/** Resolves with the first line that holds `word`; rejects when the process ends before it. */
async function lineWith(child: { readonly stdout: Readable }, word: string): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(word)) return line;
  throw new Error(`the process ended without saying "${word}"`);
}

test(
  'kill -9 in the middle of a run loses nothing, repeats nothing, and leaves nothing half promoted',
  { timeout: 120_000 },
  async (t) => {
    const { urls, db } = await withDatabase(t);
    const folder = csvFolder(t, { X: simulatedCsv(720, 6) });
    await saveSeries(db, { symbol: parseSymbol('X'), source: 'csv', transform: 'log-return', timeZone: 'UTC' });
    await saveModelParameters(db, parseSymbol('X'), { units: SMALL_SPEC.units, maxEpochs: 3 });

    for (const word of ['prices:pulled', 'retrain:decided', 'training:finished', 'gate:judged']) {
      const child = startService(urls.owner, folder);
      await lineWith(child, word).finally(() => child.kill('SIGKILL'));
      await once(child, 'exit');
      // A later line than the kill's own may have been stored: what counts is that the next process goes on from there.
      if ((await listRuns(db, { limit: 1 }))[0]?.state === 'done') break;
    }
    if ((await listRuns(db, { limit: 1 }))[0]?.state !== 'done') {
      const child = startService(urls.owner, folder);
      t.after(() => child.kill('SIGKILL'));
      await lineWith(child, 'run:finished');
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0, 'a stop by SIGTERM is clean');
    }

    assert.equal((await listRuns(db, { limit: 10 })).length, 1, 'the slot was claimed once');
    assert.equal((await listPromotions(db, parseSymbol('X'))).length, 1);
    assert.equal((await listModels(db, parseSymbol('X'))).length, 1);
    const events = await listEvents(db, { symbol: parseSymbol('X'), limit: 100 });
    const kinds = events.map(({ kind }) => kind);
    // A pull may have been asked again; its days arrived once.
    assert.equal(events.filter(({ sentence }) => sentence.includes('720 new days')).length, 1);
    for (const kind of ['retrain:decided', 'training:finished', 'gate:judged', 'champion:promoted', 'run:finished']) {
      assert.equal(kinds.filter((each) => each === kind).length, 1, kind);
    }
    assert.deepEqual(await recordFaults(db, join(folder, 'data')), []);
  },
);
