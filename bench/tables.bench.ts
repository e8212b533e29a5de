/* eslint-disable @typescript-eslint/no-non-null-assertion -- rows and folds are counted here */
// Forests and boosted trees beside scikit-learn's on its bundled sets: five folds, the same rows, both with their defaults.
import { createRandom } from '../core/random.ts';
import type { TableText } from '../core/tables/column.ts';
import { predictTable, trainTable, type ModelType } from '../core/tables/model.ts';
import { startPython } from './peers/python.ts';
import { atLeast, progress, reportBench } from './report.ts';

const SEED = 20261121;
const FOLDS = 5;
const SETS = ['iris', 'wine', 'breast_cancer', 'digits', 'diabetes'] as const;

interface Data {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
}
interface Fitted {
  readonly predictions: readonly number[];
  readonly fitSeconds: number;
  readonly predictSeconds: number;
}

const peer = await startPython('sklearn_tables.py');
if (peer === undefined) throw new Error('scikit-learn brings the data sets as well: npm run peers');

function foldsOf(rows: number): { train: number[]; held: number[] }[] {
  const random = createRandom(SEED);
  const order = Array.from({ length: rows }, (_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
  return Array.from({ length: FOLDS }, (_, fold) => ({
    train: order.filter((_, k) => k % FOLDS !== fold).map(({ i }) => i),
    held: order.filter((_, k) => k % FOLDS === fold).map(({ i }) => i),
  }));
}

function fitOurs({ x, y }: Data, type: ModelType, { train, held }: { train: number[]; held: number[] }): Fitted {
  const header = [...x[0]!.map((_, f) => `x${f}`), 'y'];
  const table = (rows: number[], withTarget: boolean): TableText => ({
    header: withTarget ? header : header.slice(0, -1),
    rows: rows.map((i) => [...x[i]!, ...(withTarget ? [y[i]!] : [])].map(String)),
  });
  const [known, asked] = [table(train, true), table(held, false)];
  const began = performance.now();
  const model = trainTable(known, 'y', type, { random_state: 1 });
  const fitted = performance.now();
  const predictions = predictTable(model, asked).predictions.map(Number);
  return { predictions, fitSeconds: (fitted - began) / 1_000, predictSeconds: (performance.now() - fitted) / 1_000 };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const results: Record<string, object> = {};
const bars = [];
for (const set of SETS) {
  const data = await peer.ask<Data>({ set });
  const isClassification = set !== 'diabetes';
  for (const family of ['RandomForest', 'GradientBoosting'] as const) {
    const type = `${family}${isClassification ? 'Classifier' : 'Regressor'}` as const;
    const losses = { ours: [] as number[], theirs: [] as number[] };
    const seconds = { ours: [0, 0], theirs: [0, 0] };
    for (const [k, fold] of foldsOf(data.y.length).entries()) {
      progress(`${set} ${type} ${k + 1}/${FOLDS}`);
      const fits = { ours: fitOurs(data, type, fold), theirs: await peer.ask<Fitted>({ set, type, seed: 1, ...fold }) };
      for (const who of ['ours', 'theirs'] as const) {
        const { predictions, fitSeconds, predictSeconds } = fits[who];
        seconds[who] = [seconds[who][0]! + fitSeconds, seconds[who][1]! + predictSeconds];
        for (const [j, row] of fold.held.entries()) {
          const miss = predictions[j]! - data.y[row]!;
          losses[who].push(isClassification ? (miss === 0 ? 0 : 1) : miss ** 2);
        }
      }
    }
    const [ours, theirs] = [mean(losses.ours), mean(losses.theirs)];
    const spread = mean(losses.theirs.map((loss) => (loss - theirs) ** 2));
    const standardError = Math.sqrt(spread / losses.theirs.length);
    const figures = (loss: number, [fit, predict]: readonly number[]) => ({
      ...(isClassification ? { accuracy: 1 - loss } : { meanSquaredError: loss }),
      fitSeconds: fit! / FOLDS,
      predictSeconds: predict! / FOLDS,
    });
    results[`${set} ${type}`] = {
      rows: data.y.length,
      ours: figures(ours, seconds.ours),
      scikitLearn: figures(theirs, seconds.theirs),
      standardError,
    };
    bars.push(atLeast(`${set} ${type}: standard errors better than scikit-learn`, (theirs - ours) / standardError, -1));
  }
}
await peer.close();
reportBench({
  bench: 'tables',
  seed: SEED,
  results: { scikitLearn: peer.greeting['version'], folds: FOLDS, ...results },
  bars,
});
