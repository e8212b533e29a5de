import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { saveModelParameters, saveSettings } from '../../../db/tables/series.ts';
import { withDatabase } from '../../../lab/database.ts';
import { runCli } from '../../../shepherd/cli/cli.ts';
import { csvFolder, simulatedCsv } from '../../helpers/shepherdRun.ts';

interface Told {
  readonly trainings: number;
  readonly rows: readonly { readonly policy: string; readonly retrains: number }[];
}

test(
  'a replay goes by the network and the settings of the series, and by those it is given before them',
  { timeout: 240_000 },
  async (t) => {
    const { db, urls } = await withDatabase(t);
    const csv = simulatedCsv(720, 7);
    const folder = csvFolder(t, { X: csv });
    const shepherd = async (...args: string[]): Promise<Told> => {
      let [out, err] = ['', ''];
      const io = {
        stdout: (text: string) => (out += text),
        stderr: (text: string) => (err += text),
        isTerminal: false,
      };
      // The environment's age would outlast the replay.
      const env = { DATABASE_URL: urls.shepherd, SYMBOLS: 'X', STALE_AFTER_DAYS: '500' };
      assert.equal(await runCli([...args, '--json'], env, io), 0, err);
      return JSON.parse(out) as Told; // --json promises one object
    };
    await shepherd('import', join(folder, 'X.csv'), '--symbol', 'X');
    await saveModelParameters(db, parseSymbol('X'), { units: [4], maxEpochs: 1 });

    const from = csv.split('\n')[655]?.split(',')[0] ?? '';
    const retrains = async (...args: string[]): Promise<number> => {
      const { rows } = await shepherd('replay', '--symbol', 'X', '--from', from, '--policy', 'stale', ...args);
      return Math.max(...rows.map((row) => row.retrains));
    };
    const never = await retrains();
    await saveSettings(db, parseSymbol('X'), { STALE_AFTER_DAYS: '40' });
    assert.equal(await retrains(), never + 1, 'the series is looked at again after 40 days of 66');
    assert.equal(await retrains('--set', 'STALE_AFTER_DAYS=20'), never + 3);
  },
);
