import { ShepherdError } from '../../core/errors.ts';
import type { EventKind } from '../../core/events.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { listHeldWith, resolveFinding, type StoredFault } from '../../db/tables/faults.ts';
import { saveBars } from '../../db/tables/prices.ts';
import { announcePrices } from '../../db/tables/serving.ts';
import type { Log } from '../../service/log.ts';
import { plural } from '../../core/prose/plural.ts';

export interface SettleRequest {
  /** Of any bar of the finding, as the list of held bars shows it. */
  readonly id: string;
  /** Why; stored with the act. */
  readonly reason: string;
}

/** What was settled: all bars of one finding. */
export interface Settled {
  readonly symbol: SeriesSymbol;
  readonly kind: StoredFault['kind'];
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly bars: number;
}

/**
 * A person believes the feed: the bars of a finding become prices, and the same finding is not made again.
 * @throws ShepherdError NOTHING_HELD.
 */
export function acceptHeld(db: Database, request: SettleRequest, log: Pick<Log, 'event'>): Promise<Settled> {
  return settle(db, request, log, {
    resolution: 'accepted',
    event: 'feed:accepted',
    tell: ({ bars, kind }) => `${plural(bars, 'bar')} held back as ${kind} taken as right`,
  });
}

/**
 * A person agrees that the bars of a finding are wrong: they are no longer waiting, and never become prices.
 * @throws ShepherdError NOTHING_HELD.
 */
export function rejectHeld(db: Database, request: SettleRequest, log: Pick<Log, 'event'>): Promise<Settled> {
  return settle(db, request, log, {
    resolution: 'rejected',
    event: 'feed:rejected',
    tell: ({ bars, kind }) => `${plural(bars, 'bar')} held back as ${kind} put aside for good`,
  });
}

interface Act {
  readonly resolution: 'accepted' | 'rejected';
  readonly event: EventKind;
  readonly tell: (settled: Settled) => string;
}

async function settle(
  db: Database,
  { id, reason }: SettleRequest,
  log: Pick<Log, 'event'>,
  { resolution, event: kind, tell }: Act,
): Promise<Settled> {
  const { settled, event } = await db.transaction(async (client) => {
    const rows = await listHeldWith(client, id);
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) {
      throw new ShepherdError(
        'NOTHING_HELD',
        `No bar is held back under ${id}; shepherd quarantine lists those that are.`,
      );
    }
    const { symbol, since } = first;
    const result: Settled = { symbol, kind: first.kind, from: first.day, to: last.day, bars: rows.length };
    if (resolution === 'accepted') {
      await saveBars(
        client,
        symbol,
        rows.flatMap(({ bar }) => bar ?? []),
      );
      await announcePrices(client, symbol);
    }
    await resolveFinding(client, symbol, { kind: first.kind, day: since }, resolution, reason);
    const days = result.from === result.to ? result.from : `${result.from} to ${result.to}`;
    const sentence = `${tell(result)} (${days}): ${reason}`;
    const payload = { ...result, words: reason };
    return { settled: result, event: await appendEvent(client, { kind, symbol, runId: null, payload, sentence }) };
  });
  log.event(event);
  return settled;
}
