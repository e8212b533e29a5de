import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVersion } from '../../../core/model/version.ts';
import { parseDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { getModel, listModels, saveModel } from '../../../db/tables/models.ts';
import { claimSlot } from '../../../db/tables/runs.ts';
import { getSnapshot, saveSnapshot } from '../../../db/tables/snapshots.ts';
import { withDatabase } from '../../../lab/database.ts';
import { newModel, storeModel, storeSeries } from '../../helpers/records.ts';

test('a model comes back as it was stored, byte for byte', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  // A view into a larger buffer, as weights cut out of a file are.
  const weights = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256).subarray(7, 299_999);
  const parent = await storeModel(db, parseSymbol('X'));
  const runId = (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' }))!;
  const model = newModel(parseSymbol('X'), { weights, runId, parent, arm: 'fine-tuned' });
  const version = await saveModel(db, model);
  const { createdAt, weights: stored, ...rest } = await getModel(db, version);
  const { weights: given, ...expected } = model;
  assert.deepEqual(rest, { ...expected, version });
  assert.deepEqual(Buffer.from(stored), Buffer.from(given));
  assert.match(createdAt, /Z$/);
});

test('versions count up, are listed newest first, and an unknown one says so', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const one = await storeModel(db, parseSymbol('X'));
  const two = await storeModel(db, parseSymbol('X'), { arm: 'fine-tuned', parent: one });
  await storeSeries(db, parseSymbol('Y'));
  await storeModel(db, parseSymbol('Y'));
  assert.ok(two > one);
  assert.deepEqual(
    (await listModels(db, parseSymbol('X'))).map(({ version, parent }) => [version, parent]),
    [
      [two, one],
      [one, null],
    ],
  );
  await assert.rejects(getModel(db, parseVersion(77)), {
    code: 'UNKNOWN_VERSION',
    message: 'There is no model of version 77.',
  });
});

test('a snapshot is kept once under its digest and comes back exactly', async (t) => {
  const { db } = await withDatabase(t);
  const series = { days: [parseDay('2020-01-02'), parseDay('2020-01-03')], closes: Float64Array.of(0.1 + 0.2, 1e-300) };
  await saveSnapshot(db, 'digest', series);
  await saveSnapshot(db, 'digest', { days: [], closes: new Float64Array() });
  assert.deepEqual(await getSnapshot(db, 'digest'), series);
  await assert.rejects(getSnapshot(db, 'other'), { code: 'UNKNOWN_VERSION' });
});
