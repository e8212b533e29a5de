/* eslint-disable @typescript-eslint/no-non-null-assertion -- rows, classes and features are counted here, and every index is below its count */
import { createHash } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { createRandom, type RandomSource } from '../random.ts';
import { ShepherdError } from '../errors.ts';
import { columnOf, encodeRows, fitColumns, withoutColumns, type Column, type TableText } from './column.ts';
import { addTree, binColumns, growTree, type Binned, type Tree } from './tree.ts';

export const MODEL_TYPES = [
  'RandomForestClassifier',
  'RandomForestRegressor',
  'GradientBoostingClassifier',
  'GradientBoostingRegressor',
] as const;
export type ModelType = (typeof MODEL_TYPES)[number];

/** By the names, and with the defaults, of scikit-learn. */
export const TableParameters = Type.Object(
  {
    n_estimators: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Trees; default 100.' })),
    max_depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 64, description: 'Default: none; 3 when boosting.' })),
    min_samples_leaf: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Default 1.' })),
    learning_rate: Type.Optional(
      Type.Number({ minimum: 0.001, maximum: 1, description: 'When boosting; default 0.1.' }),
    ),
    random_state: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Seed; default 0.' })),
  },
  { additionalProperties: false },
);
export type TableParameters = Static<typeof TableParameters>;

/** A trained model of a table, as it is stored. */
export interface TableModel {
  readonly type: ModelType;
  readonly target: string;
  /** What it reads. */
  readonly columns: readonly Column[];
  /** Of a classifier, as texts; of a regressor none. */
  readonly classes: readonly string[];
  readonly parameters: TableParameters;
  /** Where boosting begins: a value an output. */
  readonly start: readonly number[];
  readonly scale: number;
  /** An averaging model's trees have all outputs; a boosted one's trees have one, that of tree i being i modulo the outputs. */
  readonly boosted: boolean;
  readonly trees: readonly Tree[];
}

export const isClassifier = (type: ModelType): boolean => type.endsWith('Classifier');
const MOST_CLASSES = 100;
const LEAST_ROWS = 10;
const DEFAULT_TREES = 100;
const LEAST_CURVATURE = 1e-9;

/**
 * Trains a model of `target` on a table that has it as a column.
 * @throws ShepherdError INVALID_CSV, TOO_FEW_VALUES.
 */
export function trainTable(
  table: TableText,
  target: string,
  type: ModelType,
  parameters: TableParameters = {},
): TableModel {
  const n = table.rows.length;
  if (n < LEAST_ROWS)
    throw new ShepherdError('TOO_FEW_VALUES', `Training needs at least ${LEAST_ROWS} rows; there are ${n}.`);
  const answers = columnOf(table, target);
  const features = withoutColumns(table, [target]);
  if (features.header.length === 0)
    throw new ShepherdError('INVALID_CSV', `The table has no column beside "${target}" to learn from.`);
  const columns = fitColumns(features);
  const binned = binColumns(encodeRows(columns, features), n);
  const classes = isClassifier(type) ? classesOf(answers, target) : [];
  const y = isClassifier(type)
    ? Float64Array.from(answers, (text) => classes.indexOf(text))
    : Float64Array.from(answers, (text, i) => numberOf(text, target, i));
  const random = createRandom(parameters.random_state ?? 0);
  const grown = type.startsWith('RandomForest')
    ? growForest(binned, y, classes.length, parameters, random)
    : boost(binned, y, classes.length, parameters, random);
  return { type, target, columns, classes, parameters, ...grown };
}

function classesOf(answers: readonly string[], target: string): string[] {
  if (answers.includes(''))
    throw new ShepherdError('INVALID_CSV', `Row ${answers.indexOf('') + 1} has no "${target}"; each row needs one.`);
  const classes = [...new Set(answers)].sort();
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    throw new ShepherdError(
      'INVALID_CSV',
      `"${target}" has ${classes.length} different values; a classifier needs 2 to ${MOST_CLASSES} (a regressor takes numbers).`,
    );
  }
  return classes;
}

function numberOf(text: string, target: string, row: number): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new ShepherdError(
    'INVALID_CSV',
    `Row ${row + 1}, column "${target}": ${JSON.stringify(text.slice(0, 40))} is not a number; a regressor needs numbers.`,
  );
}

type Grown = Pick<TableModel, 'start' | 'scale' | 'boosted' | 'trees'>;

/** Breiman 2001: each tree on rows drawn with replacement, the root of all features tried at a split (all of them in a regression). */
function growForest(
  binned: Binned,
  y: Float64Array,
  classes: number,
  parameters: TableParameters,
  random: RandomSource,
): Grown {
  const { rows: n, features } = binned;
  const trees = parameters.n_estimators ?? DEFAULT_TREES;
  const isClassification = classes > 0;
  const growth = {
    binned,
    outputs: Math.max(1, classes),
    output: isClassification ? Int32Array.from(y) : new Int32Array(n),
    gradient: isClassification ? new Float64Array(n).fill(1) : y,
    weight: new Float64Array(n).fill(1),
    maxDepth: parameters.max_depth ?? Infinity,
    minSamplesLeaf: parameters.min_samples_leaf ?? 1,
    maxFeatures: isClassification ? Math.max(1, Math.floor(Math.sqrt(features))) : features,
    random,
  };
  return {
    start: new Array<number>(growth.outputs).fill(0),
    scale: 1 / trees,
    boosted: false,
    trees: Array.from({ length: trees }, () => {
      const drawn = Int32Array.from({ length: n }, () => Math.floor(random() * n));
      return growTree({ ...growth, rows: drawn });
    }),
  };
}

/** Friedman 2001: least squares for numbers (algorithm 2), the multinomial deviance for classes (algorithm 6). */
function boost(
  binned: Binned,
  y: Float64Array,
  classes: number,
  parameters: TableParameters,
  random: RandomSource,
): Grown {
  const { rows: n, features } = binned;
  const outputs = Math.max(1, classes);
  const scale = parameters.learning_rate ?? 0.1;
  const start = Array.from({ length: outputs }, (_, k) =>
    classes === 0
      ? y.reduce((sum, value) => sum + value, 0) / n
      : Math.log(y.filter((value) => value === k).length / n),
  );
  const scores = Array.from({ length: outputs }, (_, k) => new Float64Array(n).fill(start[k]!));
  const ones = new Float64Array(n).fill(1);
  const every = Int32Array.from({ length: n }, (_, i) => i);
  const trees: Tree[] = [];
  const codes = Float64Array.from(binned.codes);
  for (let round = 0; round < (parameters.n_estimators ?? DEFAULT_TREES); round += 1) {
    const shares = classes === 0 ? undefined : softmax(scores, n);
    for (let k = 0; k < outputs; k += 1) {
      const share = shares?.[k];
      const gradient = Float64Array.from(y, (value, i) =>
        share === undefined ? value - scores[k]![i]! : (value === k ? 1 : 0) - share[i]!,
      );
      const curvature = share?.map((p) => (Math.max(p * (1 - p), LEAST_CURVATURE) * outputs) / (outputs - 1));
      const tree = growTree({
        binned,
        outputs: 1,
        output: new Int32Array(n),
        gradient,
        weight: ones,
        ...(curvature && { curvature }),
        rows: every,
        maxDepth: parameters.max_depth ?? 3,
        minSamplesLeaf: parameters.min_samples_leaf ?? 1,
        maxFeatures: features,
        random,
      });
      trees.push(tree);
      const binTree = {
        ...tree,
        threshold: tree.feature.map((f, i) => (f === -1 ? 0 : binned.edges[f]!.indexOf(tree.threshold[i]!))),
      };
      const sum = new Float64Array(1);
      for (let i = 0; i < n; i += 1) {
        sum[0] = 0;
        addTree(binTree, { matrix: codes, rows: n, row: i }, sum, scale);
        scores[k]![i]! += sum[0];
      }
    }
  }
  return { start, scale, boosted: true, trees };
}

function softmax(scores: readonly Float64Array[], n: number): Float64Array[] {
  const shares = scores.map(() => new Float64Array(n));
  for (let i = 0; i < n; i += 1) {
    const highest = Math.max(...scores.map((score) => score[i]!));
    const raised = scores.map((score) => Math.exp(score[i]! - highest));
    const sum = raised.reduce((total, each) => total + each, 0);
    for (const [k, each] of raised.entries()) shares[k]![i] = each / sum;
  }
  return shares;
}

/** What a model says of the rows of a table. */
export interface TablePrediction {
  /** A class a row, or a number a row. */
  readonly predictions: readonly (string | number)[];
  /** Of a classifier: for each row the probability of each of its classes. */
  readonly probabilities?: readonly (readonly number[])[];
}

/** @throws ShepherdError INVALID_CSV for a table of other columns, types or categories. */
export function predictTable(model: TableModel, table: TableText): TablePrediction {
  const { columns, classes, start, scale, boosted, trees } = model;
  const n = table.rows.length;
  const matrix = encodeRows(columns, table);
  const outputs = start.length;
  const rows = Array.from({ length: n }, (_, row) => {
    const sums = Float64Array.from(start);
    for (const [i, tree] of trees.entries()) {
      const k = i % outputs;
      addTree(tree, { matrix, rows: n, row }, boosted ? sums.subarray(k, k + 1) : sums, scale);
    }
    return sums;
  });
  if (classes.length === 0) return { predictions: rows.map((sums) => sums[0]!) };
  const probabilities = boosted
    ? rows.map((sums) =>
        softmax(
          Array.from(sums, (score) => Float64Array.of(score)),
          1,
        ).map((share) => share[0]!),
      )
    : rows.map((sums) => Array.from(sums));
  return {
    predictions: probabilities.map((shares) => classes[shares.indexOf(Math.max(...shares))]!),
    probabilities,
  };
}

/** A model as text, and the hash by which it is known to be whole. */
export function packModel(model: TableModel): { artifact: string; sha256: string } {
  const artifact = JSON.stringify(model);
  return { artifact, sha256: createHash('sha256').update(artifact).digest('hex') };
}

/** @throws ShepherdError INVALID_ARTIFACT where the text is not the one of the hash. */
export function unpackModel(artifact: string, sha256: string): TableModel {
  if (createHash('sha256').update(artifact).digest('hex') !== sha256)
    throw new ShepherdError('INVALID_ARTIFACT', 'The stored model of the table is not the one that was trained.');
  return JSON.parse(artifact) as TableModel; // as `packModel` wrote it, by its hash
}
