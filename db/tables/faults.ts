import type { HeldBack } from '../../core/feed/judgeBars.ts';
import type { FaultKind, SettledFault } from '../../core/feed/fault.ts';
import type { RejectedBar } from '../../core/feed/rejected.ts';
import type { HeldLevel } from '../../core/feed/heldLevel.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client, JsonObject } from '../connection/client.ts';
import { storableJson } from '../connection/storable.ts';

/** How a held bar left the quarantine: by a person (accepted, rejected), by the days since (released), by the feed (corrected). */
export type Resolution = 'accepted' | 'rejected' | 'released' | 'corrected';

/** A finding about the feed as it is stored: one row a bar held back, or one for a finding without bars. */
export interface StoredFault {
  readonly id: string;
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  /** First day of the finding: the bars of one finding share it. */
  readonly since: TradingDay;
  readonly kind: FaultKind;
  readonly sentence: string;
  /** The bar as the feed gave it; `null` for a fault without one, such as a gap. */
  readonly bar: PriceBar | null;
  /** The numbers that the judgement rests on. */
  readonly evidence: JsonObject;
  readonly foundAt: string;
  readonly resolution: Resolution | null;
  readonly resolvedAt: string | null;
  readonly reason: string | null;
}

const COLUMNS = `id, symbol, day, since, kind, sentence, bar, evidence, found_at AS "foundAt", resolution, resolved_at AS "resolvedAt", reason`;

/** A finding that was stored for the first time. */
export type NewFault = Pick<StoredFault, 'day' | 'kind' | 'sentence' | 'bar'>;

/**
 * Stores findings, a row a bar, and answers those not known yet. A row that still waits is the same when series, day, kind and the
 * finding's first day are; what was settled and is found again is news.
 */
export async function saveFaults(
  client: Client,
  symbol: SeriesSymbol,
  heldBack: readonly HeldBack[],
): Promise<NewFault[]> {
  const rows = heldBack.flatMap(({ fault: { day: since, lastDay, kind, sentence, evidence }, bars }) => {
    const finding = { since, kind, sentence, evidence: { ...evidence, day: since, lastDay } };
    const held: readonly (PriceBar | null)[] = bars.length === 0 ? [null] : bars;
    return held.map((bar) => ({ ...finding, day: bar?.day ?? since, bar }));
  });
  if (rows.length === 0) return [];
  const stored = await client.query<{ day: TradingDay; kind: FaultKind; since: TradingDay }>(
    `INSERT INTO feed_faults (symbol, day, since, kind, sentence, bar, evidence)
     SELECT $1, day, since, kind, sentence, nullif(bar, 'null'), evidence
     FROM jsonb_to_recordset($2::jsonb) AS fault(day date, since date, kind text, sentence text, bar jsonb, evidence jsonb)
     ON CONFLICT (symbol, day, kind, since) WHERE resolution IS NULL DO NOTHING RETURNING day, kind, since`,
    [symbol, storableJson(rows)],
  );
  const keyOf = (row: Pick<StoredFault, 'day' | 'kind' | 'since'>): string => `${row.day} ${row.kind} ${row.since}`;
  const fresh = new Set(stored.map(keyOf));
  return rows.filter((row) => fresh.has(keyOf(row)));
}

/** What earlier judgements of a series say to the next one. */
export interface EarlierFindings {
  readonly held: readonly HeldLevel[];
  readonly settled: readonly SettledFault[];
  readonly rejected: readonly RejectedBar[];
}

/** Read under the lock of the series (`lockSeries`), or a person's word may come in between. */
export async function listEarlierFindings(client: Client, symbol: SeriesSymbol): Promise<EarlierFindings> {
  const [row] = await client.query<EarlierFindings>(
    `WITH held AS (
       SELECT kind, since AS day, max(day) FILTER (WHERE found_at = first_found) AS "firstHeldTo"
       FROM (SELECT *, min(found_at) OVER (PARTITION BY kind, since) AS first_found FROM feed_faults
             WHERE symbol = $1 AND kind = 'split-unadjusted' AND resolution IS NULL AND bar IS NOT NULL) AS rows
       GROUP BY kind, since
     ), settled AS (
       -- An accepted unit is that of the stored closes; the next change of unit is news.
       SELECT DISTINCT kind, since AS day FROM feed_faults
       WHERE symbol = $1 AND resolution IN ('accepted', 'released') AND kind <> 'unit-changed'
     ), rejected AS (
       SELECT kind, bar FROM feed_faults WHERE symbol = $1 AND resolution = 'rejected' AND bar IS NOT NULL
     )
     SELECT (SELECT coalesce(jsonb_agg(held ORDER BY day), '[]') FROM held) AS held,
       (SELECT coalesce(jsonb_agg(settled ORDER BY day), '[]') FROM settled) AS settled,
       (SELECT coalesce(jsonb_agg(rejected), '[]') FROM rejected) AS rejected`,
    [symbol],
  );
  return row ?? { held: [], settled: [], rejected: [] };
}

export interface FaultFilter {
  readonly symbol?: SeriesSymbol | undefined;
  /** Only bars that are still held back, or only those that were and are settled. */
  readonly only?: 'held' | 'settled';
  readonly limit: number;
}

/** Findings by series and day, oldest first. */
export function listFaults(client: Client, { symbol, only, limit }: FaultFilter): Promise<StoredFault[]> {
  return client.query<StoredFault>(
    `SELECT ${COLUMNS} FROM feed_faults
     WHERE ($1::text IS NULL OR symbol = $1) AND ($2::text IS NULL OR (bar IS NOT NULL AND (resolution IS NULL) = ($2 = 'held')))
     ORDER BY symbol, day, kind, since, id LIMIT $3`,
    [symbol ?? null, only ?? null, limit],
  );
}

/** All bars still held for the same finding as row `id`, by day; empty when there is no such row or nothing of it is held. */
export function listHeldWith(client: Client, id: string): Promise<StoredFault[]> {
  return client.query<StoredFault>(
    `SELECT ${COLUMNS} FROM feed_faults
     WHERE (symbol, kind, since) = (SELECT symbol, kind, since FROM feed_faults WHERE id = $1) AND resolution IS NULL AND bar IS NOT NULL
     ORDER BY day`,
    [id],
  );
}

/** The bars of a series that are held back, one a day, by day; where a day was held more than once, as it was held last. */
export async function listHeldBarsOf(
  client: Client,
  symbol: SeriesSymbol,
  from: TradingDay | null = null,
): Promise<PriceBar[]> {
  const rows = await client.query<{ bar: PriceBar }>(
    `SELECT DISTINCT ON (day) bar FROM feed_faults
     WHERE symbol = $1 AND resolution IS NULL AND bar IS NOT NULL AND day >= coalesce($2::date, '-infinity') ORDER BY day, id DESC`,
    [symbol, from],
  );
  return rows.map(({ bar }) => bar);
}

/** How many days of a series wait in the quarantine. */
export async function countHeldDays(client: Client, symbol: SeriesSymbol): Promise<number> {
  const [row] = await client.query<{ days: number }>(
    `SELECT count(DISTINCT day)::int AS days FROM feed_faults WHERE symbol = $1 AND resolution IS NULL AND bar IS NOT NULL`,
    [symbol],
  );
  return row?.days ?? 0;
}

/** Notes how a finding's held bars left the quarantine; answers how many there were. */
export async function resolveFinding(
  client: Client,
  symbol: SeriesSymbol,
  { kind, day }: SettledFault,
  resolution: Resolution,
  reason: string,
): Promise<number> {
  const rows = await client.query(
    `UPDATE feed_faults SET resolution = $4, resolved_at = now(), reason = $5
     WHERE symbol = $1 AND kind = $2 AND since = $3 AND resolution IS NULL AND bar IS NOT NULL RETURNING id`,
    [symbol, kind, day, resolution, reason],
  );
  return rows.length;
}

/**
 * Notes that the feed has since sent sound bars for days that were held back.
 * @param unitStands the feed still has, or has again, the unit of the stored closes: all that was held in another is corrected.
 */
export async function resolveCorrected(
  client: Client,
  symbol: SeriesSymbol,
  days: readonly TradingDay[],
  { unitStands = false } = {},
): Promise<void> {
  if (days.length === 0) return;
  await client.query(
    `UPDATE feed_faults SET resolution = 'corrected', resolved_at = now(), reason = 'the feed sent a sound bar'
     WHERE symbol = $1 AND (day = ANY ($2::date[]) OR ($3::boolean AND kind = 'unit-changed')) AND resolution IS NULL AND bar IS NOT NULL`,
    [symbol, days, unitStands],
  );
}
