import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import type { Client } from '../connection/client.ts';

/** A bar held back because it looks like a fault of the feed rather than of the market. */
export interface FeedFault {
  readonly day: TradingDay;
  readonly kind: string;
  readonly sentence: string;
  /** The bar as the feed gave it; `null` for a fault without one, such as a gap. */
  readonly bar: PriceBar | null;
  /** The numbers that the judgement rests on. */
  readonly evidence: object;
}

/** Stores faults and answers those not known yet; a fault is the same when symbol, day and kind are. */
export async function saveFaults(client: Client, symbol: string, faults: readonly FeedFault[]): Promise<FeedFault[]> {
  const rows = await client.query<{ day: TradingDay; kind: string }>(
    `INSERT INTO feed_faults (symbol, day, kind, sentence, bar, evidence)
     SELECT $1, day, kind, sentence, nullif(bar, 'null'), evidence
     FROM jsonb_to_recordset($2::jsonb) AS fault(day date, kind text, sentence text, bar jsonb, evidence jsonb)
     ON CONFLICT (symbol, day, kind) DO NOTHING RETURNING day, kind`,
    [symbol, JSON.stringify(faults)],
  );
  const fresh = new Set(rows.map(({ day, kind }) => `${day} ${kind}`));
  return faults.filter(({ day, kind }) => fresh.has(`${day} ${kind}`));
}

/** The faults of a series by day, oldest first. */
export function listFaults(client: Client, symbol: string): Promise<(FeedFault & { readonly foundAt: string })[]> {
  return client.query(
    `SELECT day, kind, sentence, bar, evidence, found_at AS "foundAt"
     FROM feed_faults WHERE symbol = $1 ORDER BY day, kind`,
    [symbol],
  );
}
