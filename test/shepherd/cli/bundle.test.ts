import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { promisify } from 'node:util';
import { readBundle, type Bundle } from '../../../db/tables/bundle.ts';
import { appendEvent } from '../../../db/tables/events.ts';
import { listModels } from '../../../db/tables/models.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { withDatabase } from '../../../lab/database.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { forcePromotion } from '../../../shepherd/run/force.ts';
import { projectRoot } from '../../helpers/projectRoot.ts';
import { bar, storeSeries } from '../../helpers/records.ts';
import { storeWorkingModel } from '../../helpers/workingModels.ts';

const run = promisify(execFile);
const X = parseSymbol('X');
const series = simulateSeries({ length: 720, seed: 25 });

test('a bundle is sound without the database, and not after any change to it', async (t) => {
  const { db } = await withDatabase(t);
  const bars = series.days.map((day, i) => bar(day, series.closes[i]!));
  await storeSeries(db, X, bars);
  await storeSeries(db, parseSymbol('OTHER'), bars);
  const version = await storeWorkingModel(db, X, { series });
  const [model] = await listModels(db, X);
  const say = (symbol: 'X' | 'OTHER', kind: 'training:finished' | 'prices:pulled', payload: object, sentence: string) =>
    appendEvent(db.as('schedule'), {
      kind,
      symbol: parseSymbol(symbol),
      runId: null,
      payload: { ...payload },
      sentence,
    });
  await say('X', 'training:finished', { sha256: model!.sha256 }, 'Trained – “ça”.');
  await say('OTHER', 'prices:pulled', {}, 'A secret of another series.');
  await forcePromotion(db.as('ann@desk'), { version, reason: 'because' }, silentLog);
  assert.equal((await listPromotions(db, X))[0]?.by, 'ann@desk');

  const bundle = await readBundle(db, X);
  assert.ok(!JSON.stringify(bundle).includes('secret'));
  assert.equal(bundle.models[0]?.sha256, model!.sha256);
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const check = async (changed: Bundle): Promise<string> => {
    const file = join(folder, 'bundle.json');
    writeFileSync(file, JSON.stringify(changed));
    return run(process.execPath, [join(projectRoot, 'bin/check-bundle.mjs'), file]).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stderr: string }).stderr,
    );
  };
  assert.match(await check(bundle), /^X: 3 events, 2 with their text, 1 models, head [0-9a-f]{64}: sound\.$/m);
  const [first, second, third] = bundle.events;
  for (const [changed, fault] of [
    [
      { events: [{ ...first!, text: first!.text!.replace('Trained', 'Untrained') }, second!, third!] },
      /event 1 is not/,
    ],
    [{ events: [first!, third!] }, /event 3 stands where event 2 must/],
    [{ events: [first!, second!] }, /the head is not/],
    [{ models: bundle.models.map((each) => ({ ...each, sha256: 'f'.repeat(64) })) }, /no event tells of the training/],
    [{ promotions: [] }, /going live/],
  ] as const) {
    assert.match(await check({ ...bundle, ...changed }), fault);
  }
});
