import pg from 'pg';
import { resumeTenure, type ReferencePeriod, type Tenure } from '../../core/cycle/tenure.ts';
import type { Evidence } from '../../core/decide/evidence.ts';
import { ShepherdError } from '../../core/errors.ts';
import type { BandState } from '../../core/forecast/band.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import { MODEL_COLUMNS, type ModelRecord } from './models.ts';
import type { PromotionKind } from './promotions.ts';

/** The model in service for a series, its tenure, and when it came to be. */
export interface Champion extends Tenure {
  readonly model: ModelRecord;
  readonly promotedAt: string;
  readonly validatedAt: string;
  /** Counts every change of the champion of its series. */
  readonly epoch: string;
  /** Set by a person: nothing replaces it until it is released. */
  readonly pin: Pin | null;
}

export interface Pin {
  readonly at: string;
  readonly reason: string;
}

/** The payload of a notification on this channel is `{"symbol", "version"}`, sent when the promotion commits. */
export const CHAMPION_CHANNEL = 'champion';

/** A promotion and the tenure that it begins. */
export interface NewPromotion extends Tenure {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  /** The champion that the promotion was decided against; `null` for none. */
  readonly expected: ModelVersion | null;
  /** And when it became that; absent: whenever. */
  readonly expectedEpoch?: string;
  readonly kind: PromotionKind;
  readonly reason: string;
  readonly runId: RunId | null;
}

const CHAMPIONS = `SELECT ${MODEL_COLUMNS}, c.promoted_at AS "promotedAt",
  c.validated_to AS "validatedTo", c.validated_at AS "validatedAt", c.promoted_on AS "promotedOn", c.evidence, c.reference, c.band,
  c.epoch, c.pinned_at AS "pinnedAt", c.pin_reason AS "pinReason"
  FROM champions AS c JOIN models AS m USING (symbol, version)`;

type ChampionRow = ModelRecord &
  Omit<Champion, 'model' | 'pin'> & { readonly pinnedAt: string | null; readonly pinReason: string | null };

export async function findChampion(client: Client, symbol: SeriesSymbol): Promise<Champion | undefined> {
  const [row] = await client.query<ChampionRow>(`${CHAMPIONS} WHERE c.symbol = $1`, [symbol]);
  return row === undefined ? undefined : toChampion(row);
}

/** @throws ShepherdError NO_CHAMPION. */
export async function requireChampion(client: Client, symbol: SeriesSymbol): Promise<Champion> {
  const champion = await findChampion(client, symbol);
  if (champion === undefined) throw new ShepherdError('NO_CHAMPION', `${symbol} has no champion yet.`);
  return champion;
}

/** Series that have a champion. */
export async function countChampions(client: Client): Promise<number> {
  const { count } = oneRow(await client.query<{ count: number }>('SELECT count(*)::int AS count FROM champions'));
  return count;
}

function toChampion(row: ChampionRow): Champion {
  const { promotedAt, promotedOn, validatedTo, validatedAt, evidence, reference, band, epoch, ...rest } = row;
  const { pinnedAt, pinReason, ...model } = rest;
  const pin = pinnedAt === null || pinReason === null ? null : { at: pinnedAt, reason: pinReason };
  return { model, promotedAt, promotedOn, validatedTo, validatedAt, evidence, reference, band, epoch, pin };
}

/**
 * Moves the champion pointer from `expected` to `version`, records it and notifies, all in one statement: when another promotion
 * came first, or the champion is pinned, nothing happens and the answer is false. Inside a transaction the notification leaves at its commit.
 * @throws ShepherdError UNKNOWN_VERSION when the series has no such model.
 */
export async function promote(client: Client, promotion: NewPromotion): Promise<boolean> {
  const {
    symbol,
    version,
    expected,
    expectedEpoch,
    kind,
    reason,
    runId,
    validatedTo,
    promotedOn,
    evidence,
    reference,
    band,
  } = promotion;
  try {
    const moved = await client.query(
      `WITH first AS (
         INSERT INTO champions (symbol, version, promoted_at, validated_to, validated_at, evidence, reference, band, promoted_on)
         SELECT $1, $2, now(), $7::date, now(), $8::jsonb, $9::jsonb, $10::jsonb, $11::date WHERE $3::int IS NULL
         ON CONFLICT (symbol) DO NOTHING RETURNING symbol
       ), next AS (
         UPDATE champions SET version = $2, promoted_at = now(), validated_to = $7::date, validated_at = now(),
           evidence = $8::jsonb, reference = $9::jsonb, band = $10::jsonb, promoted_on = $11::date, epoch = epoch + 1
         WHERE symbol = $1 AND version = $3 AND pinned_at IS NULL AND epoch = coalesce($12::bigint, epoch) RETURNING symbol
       ), recorded AS (
         INSERT INTO promotions (symbol, version, previous, kind, reason, run_id, validated_to, evidence, reference, band, promoted_on, by)
         SELECT $1, $2, $3, $4, $5, $6, $7::date, $8::jsonb, $9::jsonb, $10::jsonb, $11::date, $13 FROM (TABLE first UNION ALL TABLE next) AS moved
         RETURNING symbol, version
       )
       SELECT pg_notify('${CHAMPION_CHANNEL}', jsonb_build_object('symbol', symbol, 'version', version)::text) FROM recorded`,
      [
        symbol,
        version,
        expected,
        kind,
        reason,
        runId,
        validatedTo,
        JSON.stringify(evidence),
        JSON.stringify(reference),
        JSON.stringify(band),
        promotedOn,
        expectedEpoch ?? null,
        client.actor ?? null,
      ],
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
  readonly symbol: SeriesSymbol;
  /** The champion that was found still the best. */
  readonly expected: ModelVersion;
  /** And when it became that; absent: whenever. */
  readonly expectedEpoch?: string;
  readonly validatedTo: TradingDay;
  /** Absent: as it was. */
  readonly evidence?: Evidence;
  /** Absent: as it was. */
  readonly reference?: ReferencePeriod;
}

/** Restarts the champion's staleness clock; false when another is in service by now. */
export async function revalidate(
  client: Client,
  { symbol, expected, expectedEpoch, validatedTo, evidence, reference }: Revalidation,
): Promise<boolean> {
  const rows = await client.query(
    `UPDATE champions SET validated_to = greatest(validated_to, $3::date), validated_at = now(),
       evidence = coalesce($4::jsonb, evidence), reference = coalesce($5::jsonb, reference)
     WHERE symbol = $1 AND version = $2 AND epoch = coalesce($6::bigint, epoch) RETURNING symbol`,
    // What is absent is NULL.
    [symbol, expected, validatedTo, JSON.stringify(evidence), JSON.stringify(reference), expectedEpoch ?? null],
  );
  return rows.length === 1;
}

/** Stores the bands' state after more scored days, while `version` is in service (and has been since `epoch`, where it is given). */
export async function saveBand(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
  band: BandState,
  epoch?: string,
): Promise<void> {
  await client.query(
    'UPDATE champions SET band = $3 WHERE symbol = $1 AND version = $2 AND epoch = coalesce($4::bigint, epoch)',
    [symbol, version, JSON.stringify(band), epoch ?? null],
  );
}

/** Stores what the drift check learnt from a reference, so that it is fitted once; of the champion since `epoch`, where it is given. */
export async function saveReference(
  client: Client,
  symbol: SeriesSymbol,
  reference: ReferencePeriod,
  epoch?: string,
): Promise<void> {
  await client.query(
    `UPDATE champions SET reference = $2 WHERE symbol = $1 AND reference ->> 'to' = $3 AND epoch = coalesce($4::bigint, epoch)`,
    [symbol, JSON.stringify(reference), reference.to, epoch ?? null],
  );
}

export interface RollbackRequest {
  readonly symbol: SeriesSymbol;
  readonly reason: string;
  readonly runId: RunId | null;
  /** Last day of data now. */
  readonly promotedOn: TradingDay;
}

/**
 * Puts back the champion that was in service before the present one, with the evidence and drift reference it had; once more goes back
 * one further.
 * @returns the versions it went from and to; `undefined` when another promotion came in between.
 * @throws ShepherdError NO_CHAMPION when there is none or none before it.
 */
export async function rollback(
  client: Client,
  { symbol, reason, runId, promotedOn }: RollbackRequest,
): Promise<{ readonly from: ModelVersion; readonly to: ModelVersion } | undefined> {
  const [target] = await client.query<Tenure & { readonly from: ModelVersion; readonly to: ModelVersion }>(
    `SELECT c.version AS from, arrival.previous AS to, before.promoted_on AS "promotedOn", before.validated_to AS "validatedTo",
       before.evidence, before.reference, before.band
     FROM champions AS c
     JOIN LATERAL (SELECT previous FROM promotions
       WHERE symbol = c.symbol AND version = c.version AND kind <> 'rollback' ORDER BY id DESC LIMIT 1) AS arrival ON true
     JOIN LATERAL (SELECT promoted_on, validated_to, evidence, reference, band FROM promotions
       WHERE symbol = c.symbol AND version = arrival.previous ORDER BY id DESC LIMIT 1) AS before ON true
     WHERE c.symbol = $1`,
    [symbol],
  );
  if (target === undefined) {
    throw new ShepherdError('NO_CHAMPION', `${symbol} has no earlier champion to go back to.`);
  }
  const { from, to, ...former } = target;
  const moved = await promote(client, {
    symbol,
    version: to,
    expected: from,
    kind: 'rollback',
    reason,
    runId,
    ...resumeTenure(former, promotedOn),
  });
  return moved ? { from, to } : undefined;
}
