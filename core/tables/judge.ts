import { studentTCdf } from '../stats/studentT.ts';
import { paired } from '../paired.ts';
import { columnOf, withoutColumns, type TableText } from './column.ts';
import { predictTable, type TableModel } from './model.ts';

/** What came of a model on rows that it was not trained on. */
export interface HeldOut {
  readonly rows: number;
  /** Share of right classes, or of the variance explained (R²). */
  readonly score: number;
  /** Of a classifier's share, by the binomial; null for a regressor. */
  readonly standardError: number | null;
  /** Mean of the losses: 1 minus the probability of the right class, or the squared error. */
  readonly loss: number;
}

/** The loss of each row: 1 minus the probability given to what was true (0 … 1), or the squared error. @throws as `predictTable`. */
export function lossesOf(model: TableModel, table: TableText): Float64Array {
  const truth = columnOf(table, model.target);
  const { predictions, probabilities } = predictTable(model, withoutColumns(table, [model.target]));
  return Float64Array.from(truth, (text, i) => {
    if (probabilities !== undefined) return 1 - (probabilities[i]?.[model.classes.indexOf(text)] ?? 0);
    return (Number(text) - Number(predictions[i])) ** 2;
  });
}

export function judgeHeldOut(model: TableModel, table: TableText): HeldOut {
  const truth = columnOf(table, model.target);
  const losses = lossesOf(model, table);
  const rows = losses.length;
  const loss = mean(losses);
  if (model.classes.length === 0) {
    const values = Float64Array.from(truth, Number);
    const centre = mean(values);
    const spread = mean(values.map((value) => (value - centre) ** 2));
    return { rows, score: spread === 0 ? 0 : 1 - loss / spread, standardError: null, loss };
  }
  const { predictions } = predictTable(model, withoutColumns(table, [model.target]));
  const score = truth.filter((text, i) => text === predictions[i]).length / rows;
  return { rows, score, standardError: Math.sqrt((score * (1 - score)) / rows), loss };
}

export interface PairedVerdict {
  /** One-sided: how likely is so large an advantage of the challenger where there is none. */
  readonly p: number;
  readonly promote: boolean;
}

/** Whether a challenger's losses are lower than a champion's on the same rows, by the paired t-test at a level. */
export function judgePaired(champion: Float64Array, challenger: Float64Array, level: number): PairedVerdict {
  const differences = Float64Array.from(paired(champion, challenger), ([before, after]) => before - after);
  const n = differences.length;
  const advantage = mean(differences);
  const variance = differences.reduce((sum, value) => sum + (value - advantage) ** 2, 0) / (n - 1);
  if (n < 2 || !(variance > 0)) return { p: 1, promote: false };
  const p = 1 - studentTCdf(advantage / Math.sqrt(variance / n), n - 1);
  return { p, promote: p < level };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
