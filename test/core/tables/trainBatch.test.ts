import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packModel, trainTable, type ModelType } from '../../../core/tables/model.ts';
import { trainBatch } from '../../../core/tables/trainBatch.ts';
import type { TableText } from '../../../core/tables/column.ts';
import { flowers } from './rows.ts';

const type: ModelType = 'RandomForestClassifier';
const parameters = { n_estimators: 30 };
const base = { target: 'variety', type, parameters };
const after = (rows: TableText) => ({ ...packModel(trainTable(rows, 'variety', type, parameters)), rows });

test('a first batch has a champion without a contest, judged on the quarter it has not seen', () => {
  const figures = trainBatch({ ...base, batch: flowers({ rows: 200, seed: 1 }), before: undefined });
  assert.deepEqual([figures.trainedOn, figures.heldOut.rows, figures.drift, figures.champion], [150, 50, null, null]);
  assert.ok(figures.heldOut.score > 0.8);
});

test('a champion of noise gives way, one as good as its challenger stays', () => {
  const batch = flowers({ rows: 300, seed: 3 });
  const noise = trainBatch({ ...base, batch, before: after(flowers({ rows: 60, seed: 2, shuffled: true })) });
  assert.equal(noise.champion?.promote, true);
  let promoted = 0;
  for (let seed = 10; seed < 30; seed += 1) {
    const { champion } = trainBatch({
      ...base,
      parameters: { n_estimators: 10 },
      batch: flowers({ rows: 100, seed }),
      before: after(flowers({ rows: 400, seed: seed + 100 })),
    });
    if (champion?.promote === true) promoted += 1;
  }
  assert.ok(promoted <= 5, `${promoted} of 20`); // a level of 5 % passes more than 5 of 20 once in 30,000
});

test('batches that do not belong to the table are refused in words', () => {
  const before = after(flowers({ rows: 100, seed: 4 }));
  const batch = flowers({ rows: 100, seed: 5 });
  for (const [odd, expected] of [
    [
      { batch: { ...batch, rows: batch.rows.slice(0, 19) } },
      { code: 'TOO_FEW_VALUES', message: /at least 20 rows.*has 19/ },
    ],
    [{ target: 'colour' }, { code: 'CONFLICT', message: /RandomForestClassifier of "variety"/ }],
    [{ target: 'petal.length', type: 'RandomForestRegressor' as const }, { code: 'CONFLICT' }],
    [
      { batch: { header: ['petal.length', 'noise', 'color', 'variety'], rows: batch.rows } },
      { code: 'INVALID_CSV', message: /lacks "colour" and has "color"/ },
    ],
  ] as const)
    assert.throws(() => trainBatch({ ...{ ...base, batch, before }, ...odd }), expected);
});
