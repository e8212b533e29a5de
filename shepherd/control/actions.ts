import { parseDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { listRuns } from '../../db/tables/runs.ts';
import { listSeries, requireSeries } from '../../db/tables/series.ts';
import { importSeries } from '../intake/import.ts';
import { describeImport } from '../intake/tellImport.ts';
import { queueManualRun } from '../queue/queue.ts';
import { requeue } from '../queue/requeue.ts';
import type { RunContext } from '../run/context.ts';
import { forcePromotion, rollBack } from '../run/force.ts';
import { pin, unpin } from '../run/pin.ts';
import { pullAlone } from '../intake/pullAlone.ts';
import { acceptHeld, listHeld, listSettled, rejectHeld } from '../intake/quarantine.ts';
import { ensureSeries } from '../intake/series.ts';
import { listTableChampions } from '../../db/tables/tables.ts';
import { rollBackTable } from '../tables/rollBack.ts';
import { trainTableBatch } from '../tables/train.ts';
import type { ControlActions } from './routes.ts';
import type { ModelParameters } from './train.ts';

/** A caller is told sooner than a proxy gives up that a run is at work. */
const PULL_PATIENCE_MS = 10_000;

/** What the control routes do, on the same functions as the commands; the record has it as done by the `token`. */
export function createActions(service: RunContext): ControlActions {
  const context = { ...service, db: service.db.as('token') };
  const { db, log, source, now } = context;

  async function queue(
    symbol: SeriesSymbol,
    reason: string,
    model?: ModelParameters,
  ): Promise<{ symbol: SeriesSymbol; run: string }> {
    const request = { force: true, reason, ...(model === undefined ? {} : { model }) };
    return { symbol, run: await queueManualRun(db, symbol, now(), request) };
  }

  return {
    async pull({ symbol, start_date, end_date }) {
      await ensureSeries(db, source, [symbol], log);
      const range = {
        ...(start_date === undefined ? {} : { from: parseDay(start_date) }),
        ...(end_date === undefined ? {} : { to: parseDay(end_date) }),
      };
      return pullAlone({ ...context, patienceMs: PULL_PATIENCE_MS }, symbol, range);
    },
    async retrain({ symbol, reason }) {
      const wanted = symbol === undefined ? (await listSeries(db)).map((series) => series.symbol) : [symbol];
      for (const each of wanted) await requireSeries(db, each);
      return {
        runs: await Promise.all(wanted.map((each) => queue(each, reason ?? 'asked for over the control service'))),
      };
    },
    async rollback({ symbol, reason }) {
      await requireSeries(db, symbol);
      return rollBack(db, { symbol, reason }, log);
    },
    async promote({ symbol, version, reason }) {
      await requireSeries(db, symbol);
      return forcePromotion(db, { symbol, version, reason }, log);
    },
    async pin({ symbol, reason }) {
      await requireSeries(db, symbol);
      return pin(db, { symbol, reason }, log);
    },
    async unpin({ symbol, reason }) {
      await requireSeries(db, symbol);
      return unpin(db, { symbol, reason }, log);
    },
    requeue: (request) => requeue(db, request, log),
    async train({ symbol, csv, targetColumn, modelParameters }) {
      const imported = await importSeries(db, {
        symbol,
        input: { content: csv, name: `${symbol}.csv` },
        column: targetColumn,
        timeZone: undefined,
      });
      for (const event of imported.stored.events) log.event(event);
      // Kept for the series when a network of them wins the gate, and not before.
      const model = Object.keys(modelParameters).length === 0 ? undefined : modelParameters;
      return { ...describeImport(imported), ...(await queue(symbol, 'a series was brought for training', model)) };
    },
    trainTable: (training) => trainTableBatch(training, context),
    listTables: () => listTableChampions(db),
    rollBackTable: (request) => rollBackTable(request, context),
    listHeld: ({ symbol }) => listHeld(db, symbol),
    listSettled: ({ symbol }) => listSettled(db, symbol),
    acceptHeld: (request) => acceptHeld(db, request, log),
    rejectHeld: (request) => rejectHeld(db, request, log),
    runs: async ({ symbol, limit }) =>
      (await listRuns(db, { ...(symbol === undefined ? {} : { symbol }), limit })).map(({ progress, ...run }) => run),
  };
}
