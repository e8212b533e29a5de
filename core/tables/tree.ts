/* eslint-disable @typescript-eslint/no-non-null-assertion -- rows, features, bins and nodes are counted here, and every index is below its count */
import type { RandomSource } from '../random.ts';

/** A decision tree: node i goes left where feature[i] <= threshold[i]; a leaf has feature -1 and `outputs` values. */
export interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Of leaves, at node * outputs; zeros elsewhere. */
  readonly value: readonly number[];
}

/** A matrix whose columns are cut into at most 256 bins of about as many rows (Ke et al. 2017, LightGBM, section 2). */
export interface Binned {
  readonly rows: number;
  readonly features: number;
  /** Column after column. */
  readonly codes: Uint8Array;
  /** Of each feature, ascending: a value is in bin b where it is <= edge b and above edge b - 1. */
  readonly edges: readonly Float64Array[];
}

const MOST_BINS = 256;

/** @param matrix column after column of `rows` finite values. */
export function binColumns(matrix: Float64Array, rows: number): Binned {
  const features = matrix.length / rows;
  const codes = new Uint8Array(matrix.length);
  const edges = Array.from({ length: features }, (_, f) => {
    const column = matrix.subarray(f * rows, (f + 1) * rows);
    const cuts = cutsOf(column);
    for (let i = 0; i < rows; i += 1) codes[f * rows + i] = binOf(cuts, column[i]!);
    return cuts;
  });
  return { rows, features, codes, edges };
}

/** Midpoints between different values, so many that the bins hold about as many rows each. */
function cutsOf(column: Float64Array): Float64Array {
  const values = column.slice().sort();
  const distinct = values.filter((value, i) => i === 0 || value !== values[i - 1]);
  const midpoints = distinct.subarray(1).map((value, i) => (value + distinct[i]!) / 2);
  if (midpoints.length < MOST_BINS) return midpoints;
  const chosen = Array.from({ length: MOST_BINS - 1 }, (_, b) => {
    const value = values[Math.floor(((b + 1) * values.length) / MOST_BINS)]!;
    return midpoints[Math.min(midpoints.length - 1, binOf(midpoints, value))]!;
  });
  return Float64Array.from(new Set(chosen));
}

function binOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= cuts[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What a tree is grown to: row i adds `gradient[i]` to output `output[i]` and `weight[i]` to the weight of its node. */
export interface Growth {
  readonly binned: Binned;
  readonly outputs: number;
  readonly output: Int32Array;
  readonly gradient: Float64Array;
  readonly weight: Float64Array;
  /** Of each row, by which a leaf divides its gradients; its weight unless given. */
  readonly curvature?: Float64Array;
  /** Rows to grow on; those drawn twice have twice the gradient and weight. */
  readonly rows: Int32Array;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  /** Features tried at each split, drawn anew; those that are constant in a node do not count. */
  readonly maxFeatures: number;
  readonly random: RandomSource;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
}

const LEAST_GAIN = 1e-12;
const LEAST_WEIGHT = 1e-12;

/**
 * Grows a tree that at each split maximises the sum over both sides of |sum of gradients|² / weight. With the outputs as classes and
 * gradients and weights of 1 that is the Gini criterion, with one output the reduction of variance (Breiman 2001). A leaf's
 * value is its gradients over its weight, or over the curvature of a loss: a Newton step, as boosting takes (Friedman 2001, algorithm 6).
 */
export function growTree(growth: Growth): Tree {
  const { binned, outputs, rows: given, maxDepth } = growth;
  const rows = given.slice();
  const tree = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    right: [] as number[],
    value: [] as number[],
  };
  const stack = [{ from: 0, to: rows.length, depth: 0, parent: -1, isLeft: false }];
  for (let job = stack.pop(); job !== undefined; job = stack.pop()) {
    const { from, to, depth, parent, isLeft } = job;
    const node = tree.feature.length;
    if (parent !== -1) (isLeft ? tree.left : tree.right)[parent] = node;
    const total = totalOf(growth, rows.subarray(from, to));
    const split = depth < maxDepth ? findSplit(growth, rows.subarray(from, to), total) : undefined;
    tree.feature.push(split?.feature ?? -1);
    tree.threshold.push(split === undefined ? 0 : binned.edges[split.feature]![split.bin]!);
    tree.left.push(-1);
    tree.right.push(-1);
    const divisor = split === undefined ? divisorOf(growth, rows.subarray(from, to), total[outputs]!) : Infinity;
    for (let k = 0; k < outputs; k += 1) tree.value.push(total[k]! / divisor);
    if (split === undefined) continue;
    const middle = from + partition(binned, rows.subarray(from, to), split);
    stack.push({ from: middle, to, depth: depth + 1, parent: node, isLeft: false });
    stack.push({ from, to: middle, depth: depth + 1, parent: node, isLeft: true });
  }
  return tree;
}

function totalOf({ outputs, output, gradient, weight }: Growth, rows: Int32Array): Float64Array {
  const total = new Float64Array(outputs + 1);
  for (const row of rows) {
    total[output[row]!]! += gradient[row]!;
    total[outputs]! += weight[row]!;
  }
  return total;
}

function divisorOf({ curvature }: Growth, rows: Int32Array, weight: number): number {
  const sum = curvature === undefined ? weight : rows.reduce((total, row) => total + curvature[row]!, 0);
  return Math.max(sum, LEAST_WEIGHT);
}

function findSplit(growth: Growth, rows: Int32Array, total: Float64Array): Split | undefined {
  const { binned, minSamplesLeaf, maxFeatures, random } = growth;
  if (rows.length < 2 * minSamplesLeaf) return undefined;
  const order = Int32Array.from({ length: binned.features }, (_, f) => f);
  let best: Split | undefined;
  let tried = 0;
  for (let i = 0; i < order.length && tried < maxFeatures; i += 1) {
    const other = i + Math.floor(random() * (order.length - i));
    const feature = order[other]!;
    order[other] = order[i]!;
    const split = bestCut(growth, rows, feature, total);
    if (split === undefined) continue;
    tried += 1;
    if (split.gain > LEAST_GAIN && (best === undefined || split.gain > best.gain)) best = split;
  }
  return best;
}

/** The best cut of a feature; `undefined` where it is the same in every row. */
function bestCut(growth: Growth, rows: Int32Array, feature: number, total: Float64Array): Split | undefined {
  const { binned, outputs, output, gradient, weight, minSamplesLeaf } = growth;
  const bins = binned.edges[feature]!.length + 1;
  if (bins === 1) return undefined;
  const stride = outputs + 2;
  const sums = new Float64Array(bins * stride);
  const start = feature * binned.rows;
  for (const row of rows) {
    const at = binned.codes[start + row]! * stride;
    sums[at + output[row]!]! += gradient[row]!;
    sums[at + outputs]! += weight[row]!;
    sums[at + outputs + 1]! += 1;
  }
  const left = new Float64Array(stride);
  const whole = scoreOf(total, undefined, outputs);
  let gain = -Infinity;
  let bin = -1;
  for (let b = 0; b < bins - 1; b += 1) {
    const count = sums[b * stride + outputs + 1]!;
    if (count === 0) continue;
    for (let k = 0; k < stride; k += 1) left[k]! += sums[b * stride + k]!;
    const leftRows = left[outputs + 1]!;
    if (leftRows === rows.length) break;
    if (bin === -1) bin = b; // not constant
    if (leftRows < minSamplesLeaf || rows.length - leftRows < minSamplesLeaf) continue;
    const candidate = scoreOf(left, undefined, outputs) + scoreOf(total, left, outputs) - whole;
    if (candidate > gain) {
      gain = candidate;
      bin = b;
    }
  }
  return bin === -1 ? undefined : { gain, feature, bin };
}

/** |sum of gradients|² / weight of `sums`, or of what is left of them without `taken`. */
function scoreOf(sums: Float64Array, taken: Float64Array | undefined, outputs: number): number {
  let square = 0;
  for (let k = 0; k < outputs; k += 1) {
    const sum = sums[k]! - (taken?.[k] ?? 0);
    square += sum * sum;
  }
  return square / Math.max(sums[outputs]! - (taken?.[outputs] ?? 0), LEAST_WEIGHT);
}

/** Puts the rows of the left side first. @returns how many they are. */
function partition({ codes, rows: n }: Binned, rows: Int32Array, { feature, bin }: Split): number {
  const start = feature * n;
  const right: number[] = [];
  let kept = 0;
  for (const row of rows) {
    if (codes[start + row]! <= bin) {
      rows[kept] = row;
      kept += 1;
    } else right.push(row);
  }
  rows.set(right, kept);
  return kept;
}

/** Adds `scale` times the tree's values of a row to `sums`. @param matrix column after column of `rows` values. */
export function addTree(
  tree: Tree,
  { matrix, rows, row }: { readonly matrix: Float64Array; readonly rows: number; readonly row: number },
  sums: Float64Array,
  scale: number,
): void {
  let node = 0;
  while (tree.feature[node] !== -1) {
    const goesLeft = matrix[tree.feature[node]! * rows + row]! <= tree.threshold[node]!;
    node = goesLeft ? tree.left[node]! : tree.right[node]!;
  }
  for (let k = 0; k < sums.length; k += 1) sums[k]! += scale * tree.value[node * sums.length + k]!;
}
