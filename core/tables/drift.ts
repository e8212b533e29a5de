import { chiSquareTail } from '../stats/chiSquare.ts';
import { kolmogorovSmirnov } from '../stats/ks.ts';
import { columnOf, type Column, type TableText } from './column.ts';

/** One column of a new batch beside the same column of the rows a model was trained on. */
export interface ColumnDrift {
  readonly column: string;
  readonly test: 'ks' | 'chi-square';
  readonly statistic: number;
  readonly p: number;
  readonly drifted: boolean;
}

/** Values of one sample that are compared at most, spread evenly over its rows. */
const MOST_VALUES = 1_000;
/** A category is compared by itself where at least so many rows of it are expected in the batch (Cochran 1954). */
const LEAST_EXPECTED = 5;

/**
 * Numbers by Kolmogorov and Smirnov's test, categories by Pearson's chi-square test of homogeneity. One budget over all columns: a column has
 * drifted where p is below level / columns (Bonferroni), so that a batch like the reference alarms with at most `level`.
 */
export function assessColumns(
  columns: readonly Column[],
  reference: TableText,
  batch: TableText,
  level: number,
): ColumnDrift[] {
  return columns.flatMap((column): ColumnDrift[] => {
    const before = spread(columnOf(reference, column.name).filter((text) => text !== ''));
    const now = spread(columnOf(batch, column.name).filter((text) => text !== ''));
    if (before.length === 0 || now.length === 0) return [];
    const { test, statistic, p } =
      column.kind === 'number' ? compareNumbers(before, now) : compareCategories(before, now);
    return [{ column: column.name, test, statistic, p, drifted: p < level / columns.length }];
  });
}

type Comparison = Pick<ColumnDrift, 'test' | 'statistic' | 'p'>;

function compareNumbers(before: readonly string[], now: readonly string[]): Comparison {
  const { statistic, pValue } = kolmogorovSmirnov(before.map(Number), now.map(Number));
  return { test: 'ks', statistic, p: pValue };
}

function compareCategories(before: readonly string[], now: readonly string[]): Comparison {
  const total = before.length + now.length;
  const smaller = Math.min(before.length, now.length);
  const counts = new Map<string, [number, number]>();
  const count = (text: string, side: 0 | 1): void => {
    const pair = counts.get(text) ?? [0, 0];
    pair[side] += 1;
    counts.set(text, pair);
  };
  for (const text of before) count(text, 0);
  for (const text of now) count(text, 1);
  const isRare = ([a, b]: readonly [number, number]): boolean => ((a + b) * smaller) / total < LEAST_EXPECTED;
  const rare = [...counts.values()].filter(isRare);
  const cells = [...counts.values()].filter((pair) => !isRare(pair));
  if (rare.length > 0) cells.push([rare.reduce((sum, [a]) => sum + a, 0), rare.reduce((sum, [, b]) => sum + b, 0)]);
  const statistic = cells.reduce((sum, [a, b]) => {
    const expectedA = ((a + b) * before.length) / total;
    const expectedB = ((a + b) * now.length) / total;
    return sum + (a - expectedA) ** 2 / expectedA + (b - expectedB) ** 2 / expectedB;
  }, 0);
  return { test: 'chi-square', statistic, p: cells.length < 2 ? 1 : chiSquareTail(statistic, cells.length - 1) };
}

function spread(texts: readonly string[]): readonly string[] {
  if (texts.length <= MOST_VALUES) return texts;
  return Array.from({ length: MOST_VALUES }, (_, i) => texts[Math.floor((i * texts.length) / MOST_VALUES)] ?? '');
}
