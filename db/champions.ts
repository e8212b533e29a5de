import pg from 'pg';
import { ShepherdError } from '../core/errors.ts';
import type { TradingDay } from '../core/series/day.ts';
import type { Client, JsonObject } from './client.ts';
import { MODEL_COLUMNS, type ModelRecord } from './models.ts';

/** The model in service for a series, and how it came to be. */
export interface Champion {
  readonly model: ModelRecord;
  readonly promotedAt: string;
  /** Last day of data on which it was trained or found still the best: the staleness clock. */
  readonly validatedTo: TradingDay;
  readonly validatedAt: string;
  /** Carried from gate to gate. */
  readonly evidence: JsonObject;
  /** What the drift check learnt from the training returns. */
  readonly reference: JsonObject | null;
}

export type PromotionKind = 'first' | 'gate' | 'forced' | 'rollback';

/** The payload of a notification on this channel is `{"symbol", "version"}`, sent when the promotion commits. */
export const CHAMPION_CHANNEL = 'champion';

export interface NewPromotion {
  readonly symbol: string;
  readonly version: number;
  /** The champion that the promotion was decided against; `null` for none. */
  readonly expected: number | null;
  readonly kind: PromotionKind;
  readonly reason: string;
  readonly runId: string | null;
  readonly validatedTo: TradingDay;
  readonly evidence?: object;
  readonly reference?: object | null;
}

/** A promotion as it is recorded. */
export interface Promotion {
  readonly id: string;
  readonly symbol: string;
  readonly version: number;
  readonly previous: number | null;
  readonly kind: PromotionKind;
  readonly reason: string;
  readonly runId: string | null;
  readonly at: string;
}

const CHAMPIONS = `SELECT ${MODEL_COLUMNS}, c.promoted_at AS "promotedAt",
  c.validated_to AS "validatedTo", c.validated_at AS "validatedAt", c.evidence, c.reference
  FROM champions AS c JOIN models AS m USING (symbol, version)`;

type ChampionRow = ModelRecord & Omit<Champion, 'model'>;

export async function findChampion(client: Client, symbol: string): Promise<Champion | undefined> {
  const [row] = await client.query<ChampionRow>(`${CHAMPIONS} WHERE c.symbol = $1`, [symbol]);
  return row === undefined ? undefined : toChampion(row);
}

/** The champions of all series, by symbol: what an estimator loads when it starts, and polls in case a notification was lost. */
export async function listChampions(client: Client): Promise<Champion[]> {
  return (await client.query<ChampionRow>(`${CHAMPIONS} ORDER BY c.symbol`)).map(toChampion);
}

function toChampion({ promotedAt, validatedTo, validatedAt, evidence, reference, ...model }: ChampionRow): Champion {
  return { model, promotedAt, validatedTo, validatedAt, evidence, reference };
}

/**
 * Moves the champion pointer from `expected` to `version`, records it and notifies, all in one statement: when another promotion
 * came first nothing happens and the answer is false. Inside a transaction the notification leaves at its commit.
 * @throws ShepherdError UNKNOWN_VERSION when the series has no such model.
 */
export async function promote(client: Client, promotion: NewPromotion): Promise<boolean> {
  const { symbol, version, expected, kind, reason, runId, validatedTo, evidence = {}, reference = null } = promotion;
  try {
    const moved = await client.query(
      `WITH first AS (
         INSERT INTO champions (symbol, version, promoted_at, validated_to, validated_at, evidence, reference)
         SELECT $1, $2, now(), $7::date, now(), $8::jsonb, $9::jsonb WHERE $3::int IS NULL
         ON CONFLICT (symbol) DO NOTHING RETURNING symbol
       ), next AS (
         UPDATE champions SET version = $2, promoted_at = now(), validated_to = $7::date, validated_at = now(),
           evidence = $8::jsonb, reference = $9::jsonb
         WHERE symbol = $1 AND version = $3 RETURNING symbol
       ), recorded AS (
         INSERT INTO promotions (symbol, version, previous, kind, reason, run_id, validated_to, evidence, reference)
         SELECT $1, $2, $3, $4, $5, $6, $7::date, $8::jsonb, $9::jsonb FROM (TABLE first UNION ALL TABLE next) AS moved
         RETURNING symbol, version
       )
       SELECT pg_notify('${CHAMPION_CHANNEL}', jsonb_build_object('symbol', symbol, 'version', version)::text) FROM recorded`,
      [symbol, version, expected, kind, reason, runId, validatedTo, JSON.stringify(evidence), toJson(reference)],
    );
    return moved.length === 1;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== FOREIGN_KEY_VIOLATION) throw error;
    throw new ShepherdError('UNKNOWN_VERSION', `There is no model of version ${version} for ${symbol}.`, {
      cause: error,
    });
  }
}

const FOREIGN_KEY_VIOLATION = '23503';

export interface Revalidation {
  readonly symbol: string;
  /** The champion that was found still the best. */
  readonly expected: number;
  readonly validatedTo: TradingDay;
  /** Absent: as it was. */
  readonly evidence?: object;
  /** Absent: as it was. */
  readonly reference?: object;
}

/** Restarts the champion's staleness clock; false when another is in service by now. */
export async function revalidate(
  client: Client,
  { symbol, expected, validatedTo, evidence, reference }: Revalidation,
): Promise<boolean> {
  const rows = await client.query(
    `UPDATE champions SET validated_to = greatest(validated_to, $3::date), validated_at = now(),
       evidence = coalesce($4::jsonb, evidence), reference = coalesce($5::jsonb, reference)
     WHERE symbol = $1 AND version = $2 RETURNING symbol`,
    [symbol, expected, validatedTo, toJson(evidence), toJson(reference)],
  );
  return rows.length === 1;
}

/**
 * Puts back the champion that was in service before the present one, with the evidence and drift reference it had; once more goes back
 * one further.
 * @returns the versions it went from and to; `undefined` when another promotion came in between.
 * @throws ShepherdError NO_CHAMPION when there is none or none before it.
 */
export async function rollback(
  client: Client,
  { symbol, reason, runId }: { readonly symbol: string; readonly reason: string; readonly runId: string | null },
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const [target] = await client.query<{
    from: number;
    to: number | null;
    validatedTo: TradingDay | null;
    evidence: object | null;
    reference: object | null;
  }>(
    `SELECT c.version AS from, arrival.previous AS to, before.validated_to AS "validatedTo", before.evidence, before.reference
     FROM champions AS c
     JOIN LATERAL (SELECT previous FROM promotions
       WHERE symbol = c.symbol AND version = c.version AND kind <> 'rollback' ORDER BY id DESC LIMIT 1) AS arrival ON true
     LEFT JOIN LATERAL (SELECT validated_to, evidence, reference FROM promotions
       WHERE symbol = c.symbol AND version = arrival.previous ORDER BY id DESC LIMIT 1) AS before ON true
     WHERE c.symbol = $1`,
    [symbol],
  );
  if (target === undefined || target.to === null || target.validatedTo === null) {
    throw new ShepherdError('NO_CHAMPION', `${symbol} has no earlier champion to go back to.`);
  }
  const { from, to, validatedTo, evidence, reference } = target;
  const moved = await promote(client, {
    symbol,
    version: to,
    expected: from,
    kind: 'rollback',
    reason,
    runId,
    validatedTo,
    evidence: evidence ?? {},
    reference,
  });
  return moved ? { from, to } : undefined;
}

/** What was live and why, the newest first. */
export function listPromotions(client: Client, symbol: string): Promise<Promotion[]> {
  return client.query<Promotion>(
    `SELECT id, symbol, version, previous, kind, reason, run_id AS "runId", at
     FROM promotions WHERE symbol = $1 ORDER BY id DESC`,
    [symbol],
  );
}

/** The version in service at an instant (ISO text); `undefined` before the first promotion. */
export async function findChampionAt(client: Client, symbol: string, at: string): Promise<Promotion | undefined> {
  const [row] = await client.query<Promotion>(
    `SELECT id, symbol, version, previous, kind, reason, run_id AS "runId", at
     FROM promotions WHERE symbol = $1 AND date_trunc('milliseconds', at) <= $2 ORDER BY id DESC LIMIT 1`,
    [symbol, at],
  );
  return row;
}

function toJson(value: object | null | undefined): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
