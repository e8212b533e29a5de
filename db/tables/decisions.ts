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

export type NewDecision = Omit<Decision, 'id' | 'at' | 'report'> & {
  readonly report: object;
  /** All that it was made from, so that it can be made again. */
  readonly question?: object;
};

/** Records a decision and answers its id. */
export async function appendDecision(client: Client, decision: NewDecision): Promise<string> {
  const { id } = oneRow(
    await client.query<{ id: string }>(
      `INSERT INTO decisions (run_id, symbol, day, stage, verdict, reason, sentence, report, question)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
      [
        decision.runId,
        decision.symbol,
        decision.day,
        decision.stage,
        decision.verdict,
        decision.reason,
        decision.sentence,
        JSON.stringify(decision.report),
        decision.question === undefined ? null : JSON.stringify(decision.question),
      ],
    ),
  );
  return id;
}

/** A decision with what it was made from: null in one of before that was kept. */
export type AskedDecision = Decision & {
  readonly question: JsonObject | null;
  /** Whether it stands as it was sealed, waits for the next batch, or is in the record by no regular way. */
  readonly seal: 'sealed' | 'waiting' | 'altered';
};

/** Undefined where there is none of this number. */
export async function findDecision(client: Client, id: string): Promise<AskedDecision | undefined> {
  const [found] = await client.query<AskedDecision>(
    `SELECT d.id, run_id AS "runId", symbol, day, stage, verdict, reason, sentence, report, at, question,
       CASE WHEN l.id IS NULL THEN 'altered' WHEN l.position IS NULL THEN 'waiting'
         WHEN l.hash = leaf_hash(l.source, l.key) THEN 'sealed' ELSE 'altered' END AS seal
     FROM decisions AS d LEFT JOIN record_leaves AS l ON l.source = 'decision' AND l.key = d.id::text WHERE d.id = $1`,
    [id],
  );
  return found;
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
