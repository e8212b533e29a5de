import type { ModelVersion } from '../../core/model/version.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { ShepherdError } from '../../core/errors.ts';
import type { Client, Database } from '../../db/connection/client.ts';
import { requireChampion } from '../../db/tables/champions.ts';
import { pinChampion, releaseChampion } from '../../db/tables/pins.ts';
import { appendEvent } from '../../db/tables/events.ts';
import type { Log } from '../../service/log.ts';

export interface PinRequest {
  readonly symbol: SeriesSymbol;
  /** Why; stored with the act. */
  readonly reason: string;
}

export interface Pinned {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
}

/**
 * Pins the champion of a series: no run and no person replaces it until it is released.
 * @throws ShepherdError NO_CHAMPION, CONFLICT when it is pinned already.
 */
export function pin(db: Database, request: PinRequest, log: Pick<Log, 'event'>): Promise<Pinned> {
  return act(db, request, log, {
    kind: 'champion:pinned',
    change: (client) => pinChampion(client, request.symbol, request.reason),
    tell: (version) => `Model ${version} is pinned: ${request.reason}`,
  });
}

/**
 * Releases a pinned champion.
 * @throws ShepherdError NO_CHAMPION, CONFLICT when it is not pinned.
 */
export function unpin(db: Database, request: PinRequest, log: Pick<Log, 'event'>): Promise<Pinned> {
  return act(db, request, log, {
    kind: 'champion:released',
    change: (client) => releaseChampion(client, request.symbol),
    tell: (version) => `Model ${version} is no longer pinned: ${request.reason}`,
  });
}

interface Act {
  readonly kind: 'champion:pinned' | 'champion:released';
  /** Answers the version that was changed; undefined where there was nothing to change. */
  readonly change: (client: Client) => Promise<ModelVersion | undefined>;
  readonly tell: (version: ModelVersion) => string;
}

async function act(
  db: Database,
  { symbol, reason }: PinRequest,
  log: Pick<Log, 'event'>,
  { kind, change, tell }: Act,
): Promise<Pinned> {
  const { version, event } = await db.transaction(async (client) => {
    const changed = await change(client);
    if (changed === undefined) throw await explain(client, symbol);
    const payload = { version: changed, words: reason };
    const told = await appendEvent(client, { kind, symbol, runId: null, payload, sentence: tell(changed) });
    return { version: changed, event: told };
  });
  log.event(event);
  return { symbol, version };
}

/** Why there was nothing to pin or to release. @throws ShepherdError NO_CHAMPION. */
async function explain(client: Client, symbol: SeriesSymbol): Promise<ShepherdError> {
  const { model, pin: set } = await requireChampion(client, symbol);
  const how = set === null ? 'not pinned' : `pinned already, since ${set.at} (${set.reason})`;
  return new ShepherdError('CONFLICT', `Model ${model.version} of ${symbol} is ${how}.`);
}
