import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client, JsonObject } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';

/** A judgement with its inputs; also every "no". */
export interface Decision {
  readonly id: string;
  readonly runId: RunId | null;
  readonly symbol: SeriesSymbol;
  /** Last day of data that it was made on. */
  readonly day: TradingDay;
  readonly stage: 'retrain' | 'gate';
  readonly verdict: string;
  readonly reason: string;
  readonly sentence: string;
  readonly report: JsonObject;
  readonly at: string;
}

export type NewDecision = Omit<Decision, 'id' | 'at' | 'report'> & { readonly report: object };

/** Records a decision and answers its id. */
export async function appendDecision(client: Client, decision: NewDecision): Promise<string> {
  const { id } = oneRow(
    await client.query<{ id: string }>(
      `INSERT INTO decisions (run_id, symbol, day, stage, verdict, reason, sentence, report)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
      [
        decision.runId,
        decision.symbol,
        decision.day,
        decision.stage,
        decision.verdict,
        decision.reason,
        decision.sentence,
        JSON.stringify(decision.report),
      ],
    ),
  );
  return id;
}

/** The newest decisions of a series first, of one stage or of both. */
export function listDecisions(
  client: Client,
  symbol: SeriesSymbol,
  { stage, limit }: { readonly stage?: Decision['stage'] | undefined; readonly limit: number },
): Promise<Decision[]> {
  return client.query<Decision>(
    `SELECT id, run_id AS "runId", symbol, day, stage, verdict, reason, sentence, report, at
     FROM decisions WHERE symbol = $1 AND ($2::text IS NULL OR stage = $2) ORDER BY id DESC LIMIT $3`,
    [symbol, stage ?? null, limit],
  );
}

/** The last day of data of each decision to train after which arms were judged, oldest first: when budget was spent. */
export async function listRetrainDays(client: Client, symbol: SeriesSymbol): Promise<TradingDay[]> {
  const rows = await client.query<{ day: TradingDay }>(
    `SELECT DISTINCT day FROM decisions WHERE symbol = $1 AND stage = 'gate' ORDER BY day`,
    [symbol],
  );
  return rows.map(({ day }) => day);
}

/** Those among `listRetrainDays` that answered an alarm of the data or of the losses, oldest first. */
export async function listAlarmDays(client: Client, symbol: SeriesSymbol): Promise<TradingDay[]> {
  const rows = await client.query<{ day: TradingDay }>(
    `SELECT DISTINCT gate.day FROM decisions AS gate
     JOIN decisions AS wish ON wish.symbol = gate.symbol AND wish.run_id = gate.run_id AND wish.stage = 'retrain'
     WHERE gate.symbol = $1 AND gate.stage = 'gate' AND wish.verdict = 'retrain' AND wish.reason IN ('drifted', 'decayed')
     ORDER BY gate.day`,
    [symbol],
  );
  return rows.map(({ day }) => day);
}
