import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, normal } from '../../../core/random.ts';
import { withoutColumns, type TableText } from '../../../core/tables/column.ts';
import { judgeHeldOut } from '../../../core/tables/judge.ts';
import { MODEL_TYPES, packModel, predictTable, trainTable, unpackModel } from '../../../core/tables/model.ts';
import { flowers } from './rows.ts';

const TRAIN = flowers({ rows: 300, seed: 1 });
const HELD = flowers({ rows: 300, seed: 2 });
const waves = (rows: number, seed: number): TableText => {
  const random = createRandom(seed);
  return {
    header: ['x', 'z', 'y'],
    rows: Array.from({ length: rows }, () => {
      const x = 6 * random();
      const z = random();
      return [x, z, Math.sin(x) + z + 0.1 * normal(random)].map(String);
    }),
  };
};

test('classifiers find the kinds as well as the noise lets them; probabilities are shares', () => {
  // Petals overlap: who knows the three normal densities is right about nine times in ten.
  for (const type of ['RandomForestClassifier', 'GradientBoostingClassifier'] as const) {
    const model = trainTable(TRAIN, 'variety', type);
    const { score, rows } = judgeHeldOut(model, HELD);
    assert.ok(rows === 300 && score > 0.85, `${type} ${score}`);
    const { probabilities = [], predictions } = predictTable(model, withoutColumns(HELD, ['variety']));
    for (const [i, shares] of probabilities.entries()) {
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
      assert.equal(predictions[i], model.classes[shares.indexOf(Math.max(...shares))]);
    }
  }
});

test('regressors follow a curve that no line follows', () => {
  for (const type of ['RandomForestRegressor', 'GradientBoostingRegressor'] as const) {
    const { score } = judgeHeldOut(trainTable(waves(400, 3), 'y', type), waves(400, 4));
    assert.ok(score > 0.95, `${type} ${score}`);
  }
});

test('the same table and seed give the same model to the byte, another seed another forest', () => {
  for (const type of MODEL_TYPES) {
    const target = type.endsWith('Classifier') ? 'variety' : 'petal.length';
    const pack = (random_state: number) =>
      packModel(trainTable(TRAIN, target, type, { n_estimators: 5, random_state })).sha256;
    assert.equal(pack(1), pack(1));
    if (type.startsWith('RandomForest')) assert.notEqual(pack(1), pack(2));
  }
  const { artifact, sha256 } = packModel(trainTable(TRAIN, 'variety', 'RandomForestClassifier', { n_estimators: 3 }));
  assert.deepEqual(unpackModel(artifact, sha256).classes, ['Setosa', 'Versicolor', 'Virginica']);
  assert.throws(() => unpackModel(artifact.replace('0', '1'), sha256), { code: 'INVALID_ARTIFACT' });
});

test('depth, leaves and number of trees are heeded', () => {
  const trees = (parameters: object) => trainTable(TRAIN, 'variety', 'RandomForestClassifier', parameters).trees;
  assert.equal(trees({ n_estimators: 7 }).length, 7);
  for (const { feature } of trees({ n_estimators: 3, max_depth: 1 })) assert.ok(feature.length <= 3);
  const [deep, shallow] = [1, 50].map((leaf) => trees({ n_estimators: 1, min_samples_leaf: leaf })[0]!.feature.length);
  assert.ok(deep! > shallow!);
});

test('a missing number is taken as the mean, a missing category as none of those known', () => {
  const model = trainTable(TRAIN, 'variety', 'RandomForestClassifier', { n_estimators: 10 });
  const { predictions } = predictTable(model, { header: ['petal.length', 'noise', 'colour'], rows: [['', '', '']] });
  assert.equal(predictions.length, 1);
});

test('what a model cannot read is refused with what was read and what it knows', () => {
  const model = trainTable(TRAIN, 'variety', 'RandomForestClassifier', { n_estimators: 3 });
  const row = ['4.1', '0', 'blue'];
  const header = ['petal.length', 'noise', 'colour'];
  for (const [table, message] of [
    [
      { header: ['petal.length', 'noise'], rows: [['1', '2']] },
      'The table lacks "colour"; the model reads "petal.length", "noise", "colour".',
    ],
    [
      { header: [...header, 'variety'], rows: [[...row, 'Setosa']] },
      /^The table has "variety", which the model does not know \(columns_to_drop/,
    ],
    [{ header, rows: [row, ['wide', '0', 'blue']] }, 'Row 2, column "petal.length": "wide" is not a number.'],
    [
      { header, rows: [['4', '0', 'green']] },
      'Row 1, column "colour": the model has not seen "green"; it knows "blue", "white".',
    ],
  ] as const)
    assert.throws(() => predictTable(model, table), { code: 'INVALID_CSV', message });
  for (const [table, target, type, message] of [
    [TRAIN, 'species', 'RandomForestClassifier', /no column "species"/],
    [TRAIN, 'variety', 'RandomForestRegressor', /is not a number; a regressor needs numbers/],
    [TRAIN, 'petal.length', 'RandomForestClassifier', /different values; a classifier needs 2 to 100/],
    [
      { header: ['variety'], rows: TRAIN.rows.map((cells) => [cells[3]!]) },
      'variety',
      'RandomForestClassifier',
      /no column beside/,
    ],
    [
      { header: ['a', 'a', 'b'], rows: TRAIN.rows.map(() => ['1', '2', 'x']) },
      'b',
      'RandomForestClassifier',
      /Two columns|2 to 100/,
    ],
  ] as const)
    assert.throws(() => trainTable(table, target, type), { code: 'INVALID_CSV', message }, String(message));
  assert.throws(() => trainTable({ ...TRAIN, rows: TRAIN.rows.slice(0, 9) }, 'variety', 'RandomForestClassifier'), {
    code: 'TOO_FEW_VALUES',
  });
});
