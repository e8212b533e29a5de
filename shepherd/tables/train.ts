import { ShepherdError } from '../../core/errors.ts';
import type { EventKind, RecordedEvent } from '../../core/events.ts';
import { figure, fixed, probability } from '../../core/prose/figures.ts';
import { plural } from '../../core/prose/plural.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { withoutColumns, type TableText } from '../../core/tables/column.ts';
import type { ModelType, TableParameters } from '../../core/tables/model.ts';
import type { BatchFigures } from '../../core/tables/trainBatch.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import {
  findRows,
  findTableModel,
  listTableChampions,
  lockTable,
  saveBatch,
  savePromotion,
  saveTableModel,
  type TableChampion,
} from '../../db/tables/tables.ts';
import type { RunContext } from '../run/context.ts';

export interface TableTraining {
  readonly name: SeriesSymbol;
  readonly table: TableText;
  readonly target: string;
  readonly dropped: readonly string[];
  readonly type: ModelType;
  readonly parameters: TableParameters;
}

export type TableContext = Pick<RunContext, 'db' | 'pool' | 'log'>;

/**
 * The life of a batch of a table: check against the rows there are, train, judge beside the champion, promote or keep.
 * @throws ShepherdError INVALID_CSV, TOO_FEW_VALUES, CONFLICT where another batch was trained meanwhile.
 */
export async function trainTableBatch(training: TableTraining, { db, pool, log }: TableContext): Promise<object> {
  const { name, target, type, parameters } = training;
  const batch = withoutColumns(training.table, training.dropped);
  const [champion] = await listTableChampions(db, name);
  const before = champion === undefined ? undefined : await readBefore(db, champion);
  const figures = await pool.table({ batch, target, type, parameters, before });
  const promoted = figures.champion?.promote ?? true;
  const { version, events } = await db.transaction(async (client) => {
    await lockTable(client, name);
    const [now] = await listTableChampions(client, name);
    if (now?.version !== champion?.version)
      throw new ShepherdError('CONFLICT', `The champion of table ${name} was changed just now; send the batch again.`);
    const id = await saveBatch(client, { name, table: batch, drift: figures.drift });
    const { artifact, sha256, heldOut } = figures;
    const stored = await saveTableModel(client, { name, batch: id, type, target, artifact, sha256, heldOut });
    const told = await tell(client, training, { figures, version: stored, champion });
    if (promoted) {
      const kind = champion === undefined ? 'first' : 'gate';
      const reason = sentenceOfGate(figures, stored, champion);
      await savePromotion(client, { name, version: stored, kind, reason });
    }
    return { version: stored, events: told };
  });
  for (const event of events) log.event(event);
  const { artifact, ...told } = figures;
  return { table: name, version, type, target, promoted, rows: batch.rows.length, ...told };
}

async function readBefore(client: Client, { name, version }: TableChampion) {
  const [model, rows] = await Promise.all([findTableModel(client, version), findRows(client, name)]);
  if (model === undefined || rows === undefined)
    throw new ShepherdError('INVALID_ARTIFACT', `Model ${version} of table ${name} is not stored whole.`);
  return { ...model, rows };
}

interface Told {
  readonly figures: BatchFigures;
  readonly version: number;
  readonly champion: TableChampion | undefined;
}

async function tell(client: Client, { name, type, target }: TableTraining, told: Told): Promise<RecordedEvent[]> {
  const { figures, version, champion } = told;
  const { heldOut, drift, trainedOn } = figures;
  const events: [EventKind, string, object][] = [];
  if (drift !== null) {
    const moved = drift.filter(({ drifted }) => drifted).map(({ column }) => column);
    const sentence = moved.length === 0 ? 'no column has drifted' : `drifted: ${moved.join(', ')}`;
    events.push(['table:checked', `Table ${name}: ${sentence} (${drift.length} columns, one budget).`, { drift }]);
  }
  const score = `${figures.heldOut.standardError === null ? 'R²' : 'accuracy'} ${fixed(heldOut.score, 3)} on ${plural(heldOut.rows, 'held-out row')}`;
  events.push([
    'table:trained',
    `Table ${name}: ${type} ${version} of "${target}" on ${trainedOn} rows, ${score}.`,
    { version, heldOut },
  ]);
  const promoted = figures.champion?.promote ?? true;
  const verdict = sentenceOfGate(figures, version, champion);
  events.push([
    promoted ? 'table:promoted' : 'table:judged',
    `Table ${name}: ${verdict}`,
    { version, champion: figures.champion },
  ]);
  const recorded: RecordedEvent[] = [];
  for (const [kind, sentence, payload] of events)
    recorded.push(
      await appendEvent(client, { kind, symbol: null, runId: null, payload: { table: name, ...payload }, sentence }),
    );
  return recorded;
}

function sentenceOfGate(
  { heldOut, champion: judged }: BatchFigures,
  version: number,
  champion: TableChampion | undefined,
): string {
  if (judged === null || champion === undefined) return `model ${version} is promoted, as there was none.`;
  const figures = `loss ${figure(heldOut.loss, 3)} against ${figure(judged.heldOut.loss, 3)} on the same ${plural(heldOut.rows, 'row')}, p ${probability(judged.p)}`;
  return judged.promote
    ? `model ${version} is promoted over ${champion.version}: ${figures}.`
    : `model ${champion.version} stays; model ${version} is not proven better: ${figures}.`;
}
