import { beginUngated } from '../../core/cycle/tenure.ts';
import { ShepherdError } from '../../core/errors.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { findChampion, promote, requireChampion, rollback, type Champion } from '../../db/tables/champions.ts';
import type { Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { getModel } from '../../db/tables/models.ts';
import { findLastDay } from '../../db/tables/prices.ts';
import { requireSeries } from '../../db/tables/series.ts';
import type { Log } from '../../service/log.ts';
import { checkGolden } from './promote.ts';

/**
 * Puts a stored model into service because a person says so. The gate is passed by, the load-and-query check is not.
 * @throws ShepherdError UNKNOWN_VERSION, INVALID_ARTIFACT, INVALID_INPUT when it is the champion already, CONFLICT.
 */
export async function forcePromotion(
  db: Database,
  {
    version,
    symbol: expectedSymbol,
    reason,
  }: { readonly version: ModelVersion; readonly symbol?: SeriesSymbol; readonly reason: string },
  log: Log,
): Promise<{ symbol: SeriesSymbol; version: ModelVersion; previous: ModelVersion | null }> {
  const model = await getModel(db, version);
  const { symbol } = model;
  if (expectedSymbol !== undefined && expectedSymbol !== symbol) {
    throw new ShepherdError('UNKNOWN_VERSION', `Model ${version} belongs to ${symbol}, not to ${expectedSymbol}.`);
  }
  checkGolden(model);
  const day = (await findLastDay(db, symbol)) ?? model.trainedTo;
  const champion = await findChampion(db, symbol);
  const previous = champion?.model.version ?? null;
  if (previous === version)
    throw new ShepherdError('INVALID_INPUT', `Model ${version} is the champion of ${symbol} already.`);
  if (champion !== undefined) refusePinned(symbol, champion);
  const event = await db.transaction(async (client) => {
    const moved = await promote(client, {
      symbol,
      version,
      expected: previous,
      ...(champion === undefined ? {} : { expectedEpoch: champion.epoch }),
      kind: 'forced',
      reason,
      runId: null,
      ...beginUngated(model, day),
    });
    if (!moved)
      throw new ShepherdError(
        'CONFLICT',
        `The champion of ${symbol} was changed by someone else just now; look again.`,
      );
    const sentence = `Model ${version} was put into service by hand: ${reason}`;
    return appendEvent(client, {
      kind: 'champion:promoted',
      symbol,
      runId: null,
      payload: { day, version, previous, reason: 'forced', words: reason },
      sentence,
    });
  });
  log.event(event);
  return { symbol, version, previous };
}

/** @throws ShepherdError UNKNOWN_SYMBOL, NO_CHAMPION when there is no earlier champion, CONFLICT. */
export async function rollBack(
  db: Database,
  { symbol, reason }: { readonly symbol: SeriesSymbol; readonly reason: string },
  log: Log,
): Promise<{ symbol: SeriesSymbol; from: ModelVersion; to: ModelVersion }> {
  await requireSeries(db, symbol);
  const champion = await requireChampion(db, symbol);
  refusePinned(symbol, champion);
  const day = (await findLastDay(db, symbol)) ?? champion.model.trainedTo;
  const { event, moved } = await db.transaction(async (client) => {
    const result = await rollback(client, { symbol, reason, runId: null, promotedOn: day });
    if (result === undefined)
      throw new ShepherdError(
        'CONFLICT',
        `The champion of ${symbol} was changed by someone else just now; look again.`,
      );
    const sentence = `Back to model ${result.to} from model ${result.from}: ${reason}`;
    return {
      moved: result,
      event: await appendEvent(client, {
        kind: 'champion:rolled-back',
        symbol,
        runId: null,
        payload: { day, ...result, words: reason },
        sentence,
      }),
    };
  });
  log.event(event);
  return { symbol, ...moved };
}

/** @throws ShepherdError CONFLICT naming the pin: whoever set it had a reason, and it is released in words as well. */
function refusePinned(symbol: string, { model: { version }, pin }: Champion): void {
  if (pin === null) return;
  const release = `shepherd unpin --symbol ${symbol} --reason "…"`;
  throw new ShepherdError(
    'CONFLICT',
    `Model ${version} of ${symbol} has been pinned since ${pin.at} (${pin.reason}); release it first: ${release}`,
  );
}
