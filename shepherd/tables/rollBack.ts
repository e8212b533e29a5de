import { ShepherdError } from '../../core/errors.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { findEarlierVersion, listTableChampions, lockTable, savePromotion } from '../../db/tables/tables.ts';
import type { TableContext } from './train.ts';

/**
 * Puts the model that was in service before into service again.
 * @throws ShepherdError UNKNOWN_TABLE, NO_CHAMPION where there was none before.
 */
export async function rollBackTable(
  { name, reason }: { readonly name: SeriesSymbol; readonly reason: string },
  { db, log }: Pick<TableContext, 'db' | 'log'>,
): Promise<object> {
  const { answer, event } = await db.transaction(async (client) => {
    await lockTable(client, name);
    const [champion] = await listTableChampions(client, name);
    if (champion === undefined)
      throw new ShepherdError('UNKNOWN_TABLE', `There is no table ${name}; GET /tables lists those there are.`);
    const to = await findEarlierVersion(client, name);
    if (to === undefined) throw new ShepherdError('NO_CHAMPION', `Table ${name} has no earlier model to go back to.`);
    await savePromotion(client, { name, version: to, kind: 'rollback', reason });
    const from = champion.version;
    return {
      answer: { table: name, from, to },
      event: await appendEvent(client, {
        kind: 'table:rolled-back',
        symbol: null,
        runId: null,
        payload: { table: name, from, to, reason },
        sentence: `Table ${name}: model ${to} is back in service in place of ${from}: ${reason}`,
      }),
    };
  });
  log.event(event);
  return answer;
}
