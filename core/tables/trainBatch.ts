import { createRandom } from '../random.ts';
import { ShepherdError } from '../errors.ts';
import { columnOf, encodeRows, withoutColumns, type TableText } from './column.ts';
import { assessColumns, type ColumnDrift } from './drift.ts';
import { judgeHeldOut, judgePaired, lossesOf, type HeldOut } from './judge.ts';
import { isClassifier, packModel, trainTable, unpackModel, type ModelType, type TableParameters } from './model.ts';

/** A new batch of a table, and what the table has already. */
export interface BatchInput {
  readonly batch: TableText;
  readonly target: string;
  readonly type: ModelType;
  readonly parameters: TableParameters;
  /** What is in service, and the rows of all earlier batches; absent for the first batch. */
  readonly before: { readonly artifact: string; readonly sha256: string; readonly rows: TableText } | undefined;
}

/** What came of a batch: a challenger, and how it compares. */
export interface BatchFigures {
  readonly artifact: string;
  readonly sha256: string;
  /** Rows it was trained on. */
  readonly trainedOn: number;
  readonly heldOut: HeldOut;
  /** The batch beside the earlier rows, by column; null for the first batch. */
  readonly drift: readonly ColumnDrift[] | null;
  /** Of the champion on the same held-out rows, and the paired test; null for the first batch. */
  readonly champion: { readonly heldOut: HeldOut; readonly p: number; readonly promote: boolean } | null;
}

/** Share of a new batch that no model is trained on before it is judged on it. */
const HELD_OUT_SHARE = 0.25;
const LEAST_ROWS = 20;
/** Chance that a batch like those before it is called drifted, and that a challenger no better than the champion is promoted. */
export const LEVEL = 0.05;

/**
 * Trains a challenger on all rows there are but a quarter of the new batch, drawn by a fixed seed, and judges it and the champion on that
 * quarter: rows that neither has seen.
 * @throws ShepherdError INVALID_CSV for other columns, types or categories than before, TOO_FEW_VALUES, CONFLICT for another target.
 */
export function trainBatch({ batch, target, type, parameters, before }: BatchInput): BatchFigures {
  if (batch.rows.length < LEAST_ROWS) {
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      `A batch needs at least ${LEAST_ROWS} rows, a quarter of which is held out; this one has ${batch.rows.length}.`,
    );
  }
  columnOf(batch, target);
  const champion = before && unpackModel(before.artifact, before.sha256);
  if (champion !== undefined) {
    if (champion.target !== target || isClassifier(champion.type) !== isClassifier(type)) {
      throw new ShepherdError(
        'CONFLICT',
        `This table has a ${champion.type} of "${champion.target}"; train another target or kind under another name.`,
      );
    }
    encodeRows(champion.columns, withoutColumns(batch, [target]));
  }
  const earlier = before === undefined ? [] : inOrderOf(batch.header, before.rows);
  const { held, rest } = split(batch);
  const training = { header: batch.header, rows: [...earlier, ...rest.rows] };
  const model = trainTable(training, target, type, parameters);
  const heldOut = judgeHeldOut(model, held);
  return {
    ...packModel(model),
    trainedOn: training.rows.length,
    heldOut,
    drift: before === undefined ? null : assessColumns(model.columns, before.rows, batch, LEVEL),
    champion:
      champion === undefined
        ? null
        : {
            heldOut: judgeHeldOut(champion, held),
            ...judgePaired(lossesOf(champion, held), lossesOf(model, held), LEVEL),
          },
  };
}

function inOrderOf(header: readonly string[], table: TableText): string[][] {
  const columns = header.map((name) => columnOf(table, name));
  return table.rows.map((_, i) => columns.map((column) => column[i] ?? ''));
}

/** Drawn without replacement by a fixed seed (Fisher & Yates). */
function split({ header, rows }: TableText): { held: TableText; rest: TableText } {
  const random = createRandom(rows.length);
  const order = [...rows];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? [], order[i] ?? []];
  }
  const held = Math.floor(rows.length * HELD_OUT_SHARE);
  return { held: { header, rows: order.slice(0, held) }, rest: { header, rows: order.slice(held) } };
}
