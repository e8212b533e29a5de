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
import { createSigner, makeSigningKey } from '../../../core/record/note.ts';
import { sealRecord } from '../../../shepherd/record/seal.ts';
import { testSigner } from '../../helpers/sealedRecord.ts';
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

  await sealRecord(db, testSigner);
  const bundle = await readBundle(db, X, testSigner.verifierKey);
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
  assert.match(await check(bundle), /^X: 5 leaves of shepherd\/\S+, 4 with their text, 1 models, root \S+: sound\.$/m);
  const told = bundle.leaves.findIndex((leaf) => 'text' in leaf && leaf.text.includes('Trained'));
  const closed = bundle.leaves.findIndex((leaf) => 'hash' in leaf);
  const changed = (at: number, leaf: Bundle['leaves'][number]): Bundle['leaves'] => bundle.leaves.with(at, leaf);
  const text = (bundle.leaves[told] as { text: string }).text; // found by it
  const another = createSigner(makeSigningKey('test')).verifierKey;
  for (const [change, fault] of [
    [{ leaves: changed(told, { text: text.replace('Trained', 'Untrained') }) }, /not as it was sealed/],
    [{ leaves: changed(closed, { hash: 'f'.repeat(64) }) }, /not as it was sealed/],
    [{ leaves: bundle.leaves.slice(1) }, /over 5 leaves, here are 4/],
    [
      { checkpoint: bundle.checkpoint!.replace('\n5\n', '\n4\n'), leaves: bundle.leaves.slice(1) },
      /not signed by the key/,
    ],
    [{ verifierKey: another }, /not signed by the key/],
    [{ models: bundle.models.map((each) => ({ ...each, sha256: 'f'.repeat(64) })) }, /does not know model/],
    [{ promotions: [] }, /going live/],
  ] as const) {
    assert.match(await check({ ...bundle, ...change }), fault);
  }
});
