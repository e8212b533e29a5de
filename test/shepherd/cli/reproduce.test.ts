import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseVersion } from '../../../core/model/version.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { createDatabase } from '../../../db/connection/client.ts';
import { getModel } from '../../../db/tables/models.ts';
import { migrate } from '../../../db/schema/migrate.ts';
import { saveModelParameters } from '../../../db/tables/series.ts';
import { createEmptyDatabase } from '../../../lab/database.ts';
import { runCli } from '../../../shepherd/cli/cli.ts';
import { csvFolder, simulatedCsv } from '../../helpers/shepherdRun.ts';

test('a series is kept with tfjs as trainer, and each backend checks the other', { timeout: 240_000 }, async (t) => {
  const url = await createEmptyDatabase(t);
  await migrate(url);
  const folder = csvFolder(t, { X: simulatedCsv(720, 7) });
  const answer = async (backend: string, ...args: string[]): Promise<Record<string, unknown>> => {
    let [out, err] = ['', ''];
    const io = { stdout: (text: string) => (out += text), stderr: (text: string) => (err += text), isTerminal: false };
    const env = { DATABASE_URL: url, SYMBOLS: 'X', TRAINING_BACKEND: backend };
    assert.equal(await runCli([...args, '--json'], env, io), 0, err);
    return JSON.parse(out) as Record<string, unknown>; // --json promises one object
  };
  await answer('kernel', 'import', join(folder, 'X.csv'), '--symbol', 'X');
  const db = createDatabase({ url, applicationName: 'test' });
  t.after(() => db.close());
  await saveModelParameters(db, parseSymbol('X'), { units: [4], maxEpochs: 2 });

  const { results } = await answer('tfjs', 'run');
  assert.equal((results as { outcome: string }[])[0]?.outcome, 'promoted');
  assert.match((await getModel(db, parseVersion(1))).training.backend, /^tfjs-(node|wasm)$/);

  // Whatever the environment trains with now: as it was trained, or as is asked.
  const again = await answer('kernel', 'reproduce', '1');
  assert.match(String(again['backend']), /^tfjs-/);
  assert.deepEqual([again['by'], again['same']], ['forecasts', true]);
  const checked = await answer('tfjs', 'reproduce', '1', '--backend', 'kernel');
  assert.match(String(checked['backend']), /^(wasm-|plain)/);
  assert.deepEqual([checked['by'], checked['same'], checked['tolerance']], ['forecasts', true, 0.001]);
});
