import { ShepherdError } from '../../core/errors.ts';
import type { EventKind } from '../../core/events.ts';
import type { FaultKind } from '../../core/feed/fault.ts';
import { isNonEmpty, last } from '../../core/nonEmpty.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { listFaults, listHeldWith, resolveFinding } from '../../db/tables/faults.ts';
import { lockSeriesOfFault } from '../../db/tables/series.ts';
import type { Log } from '../../service/log.ts';
import { plural } from '../../core/prose/plural.ts';
import { storeAccepted } from './storeAccepted.ts';

/** Held bars that are listed at most. */
const MOST_LISTED = 1_000;

/** What is held back, of one series or of all. */
export function listHeld(db: Database, symbol: SeriesSymbol | undefined): ReturnType<typeof listFaults> {
  return listFaults(db, { symbol, only: 'held', limit: MOST_LISTED });
}

/** What was held back and is settled, with how, when and why. */
export function listSettled(db: Database, symbol: SeriesSymbol | undefined): ReturnType<typeof listFaults> {
  return listFaults(db, { symbol, only: 'settled', limit: MOST_LISTED });
}

export interface SettleRequest {
  /** Of any bar of the finding, as the list of held bars shows it. */
  readonly id: string;
  /** Why; stored with the act. */
  readonly reason: string;
}

/** What was settled: all bars of one finding. */
export interface Settled {
  readonly symbol: SeriesSymbol;
  readonly kind: FaultKind;
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly bars: number;
  /** Those that are prices now; what another finding holds as wrong still waits. */
  readonly stored: number;
}

/**
 * A person believes the feed: the bars of a finding are judged again without it, those that are sound become prices, and the same finding
 * is not made again.
 * @throws ShepherdError NOTHING_HELD.
 */
export function acceptHeld(db: Database, request: SettleRequest, log: Pick<Log, 'event'>): Promise<Settled> {
  return settle(db, request, log, {
    resolution: 'accepted',
    event: 'feed:accepted',
    tell: ({ bars, stored, kind }) =>
      `${plural(bars, 'bar')} held back as ${kind} taken as right${sayWaiting(bars - stored)}`,
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
    const series = await lockSeriesOfFault(client, id);
    const rows = await listHeldWith(client, id);
    if (series === undefined || !isNonEmpty(rows)) {
      throw new ShepherdError(
        'NOTHING_HELD',
        `No bar is held back under ${id}; shepherd quarantine lists those that are.`,
      );
    }
    const { symbol } = series;
    const finding = { kind: rows[0].kind, day: rows[0].since };
    const stored = resolution === 'accepted' ? await storeAccepted(client, series, rows, reason) : 0;
    if (resolution === 'rejected') await resolveFinding(client, symbol, finding, resolution, reason);
    const [from, to] = [rows[0].day, last(rows).day];
    const result: Settled = { symbol, kind: finding.kind, from, to, bars: rows.length, stored };
    const days = result.from === result.to ? result.from : `${result.from} to ${result.to}`;
    const sentence = `${tell(result)} (${days}): ${reason}`;
    const payload = { ...result, words: reason };
    return { settled: result, event: await appendEvent(client, { kind, symbol, runId: null, payload, sentence }) };
  });
  log.event(event);
  return settled;
}

function sayWaiting(bars: number): string {
  return bars === 0 ? '' : `, ${plural(bars, 'bar')} of them still doubted for another reason`;
}
