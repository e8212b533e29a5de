import type { ModelSpec } from '../../core/model/spec.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client, JsonObject } from '../connection/client.ts';
import { storableJson, storableText } from '../connection/storable.ts';

export type RunTrigger = 'schedule' | 'catch-up' | 'manual';
export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'skipped';

/** What a person asked of a run. */
export interface RunRequest {
  /** Train whatever the check says. */
  readonly force?: boolean;
  readonly reason?: string;
  /** Who asked. */
  readonly by?: string;
  /** Parts of the network's spec to try; kept for the series if a network of it is promoted. */
  readonly model?: Partial<ModelSpec>;
}

/** One row of the slot ledger: a run of one series. */
export interface Run {
  readonly id: RunId;
  readonly symbol: SeriesSymbol;
  /** Names the moment it stands for; unique within the series. */
  readonly slot: string;
  readonly trigger: RunTrigger;
  readonly request: RunRequest;
  readonly state: RunState;
  /** How often it was started, but for starts that ended because we ended them. */
  readonly attempts: number;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly sentence: string | null;
  /** Results of finished steps by name, so that a run taken up again does not repeat them. */
  readonly progress: JsonObject;
}

const COLUMNS = `id, symbol, slot, trigger, request, state, attempts, queued_at AS "queuedAt", started_at AS "startedAt",
  ended_at AS "endedAt", outcome, reason, sentence, progress`;

export interface SlotClaim {
  readonly symbol: SeriesSymbol;
  readonly slot: string;
  readonly trigger: RunTrigger;
  /** What a person asked for; absent: nothing special. */
  readonly request?: RunRequest;
  /** Left alone by the queue for so long, for whoever claims a run to carry it out himself; default 0. */
  readonly dueInMs?: number;
}

/** Claims a slot. Of any number of claims, by any number of processes, one gets the run's id; the others get `undefined`. */
export async function claimSlot(
  client: Client,
  { symbol, slot, trigger, request = {}, dueInMs = 0 }: SlotClaim,
): Promise<RunId | undefined> {
  const [row] = await client.query<{ id: RunId }>(
    `INSERT INTO runs (symbol, slot, trigger, request, due_at) VALUES ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')
     ON CONFLICT (symbol, slot) DO NOTHING RETURNING id`,
    [symbol, slot, trigger, storableJson(request), dueInMs],
  );
  return row?.id;
}

/** Ends the runs of a symbol that have not begun when a newer slot covers them, and answers their ids. */
export async function supersedeQueued(
  client: Client,
  { symbol, by }: { readonly symbol: SeriesSymbol; readonly by: RunId },
): Promise<RunId[]> {
  const rows = await client.query<{ id: RunId }>(
    `UPDATE runs SET state = 'skipped', outcome = 'skipped', reason = 'superseded', sentence = 'Covered by run ' || $2 || '.', ended_at = now()
     WHERE symbol = $1 AND state = 'queued' AND started_at IS NULL AND trigger <> 'manual' AND id < $2::bigint RETURNING id`,
    [symbol, by],
  );
  return rows.map(({ id }) => id);
}

/**
 * Marks a run as running, also one that was interrupted, and answers it with its progress; `undefined` when it has ended.
 * @param epoch of the lease that it is worked on under.
 */
export async function startRun(client: Client, runId: RunId, epoch: string | null = null): Promise<Run | undefined> {
  const [run] = await client.query<Run>(
    `UPDATE runs SET state = 'running', attempts = attempts + 1, epoch = $2, started_at = coalesce(started_at, now())
     WHERE id = $1 AND state IN ('queued', 'running') RETURNING ${COLUMNS}`,
    [runId, epoch],
  );
  return run;
}

export interface RunReturn {
  readonly dueInMs: number;
  /** Whether the start counts against the run. */
  readonly attempted: boolean;
}

/** Puts a run that was begun back on the queue. */
export async function returnRun(client: Client, runId: RunId, { dueInMs, attempted }: RunReturn): Promise<void> {
  await client.query(
    `UPDATE runs SET state = 'queued', due_at = now() + $2 * interval '1 millisecond', attempts = attempts - $3
     WHERE id = $1 AND state = 'running'`,
    [runId, dueInMs, attempted ? 0 : 1],
  );
}

/** Puts a failed run on the queue once more, its attempts counted anew, its finished steps kept; false when it has not failed. */
export async function requeueRun(client: Client, runId: RunId): Promise<boolean> {
  const rows = await client.query(
    `UPDATE runs SET state = 'queued', due_at = now(), attempts = 0, outcome = NULL, reason = NULL, sentence = NULL, ended_at = NULL
     WHERE id = $1 AND state = 'failed' RETURNING id`,
    [runId],
  );
  return rows.length === 1;
}

/** Stores the result of a finished step. */
export async function saveProgress(client: Client, runId: RunId, step: string, result: unknown): Promise<void> {
  await client.query(`UPDATE runs SET progress = progress || jsonb_build_object($2::text, $3::jsonb) WHERE id = $1`, [
    runId,
    step,
    storableJson(result),
  ]);
}

export interface RunEnd {
  readonly state: 'done' | 'failed' | 'skipped';
  readonly outcome: string;
  readonly reason: string;
  readonly sentence: string;
}

/** Ends a run; false when it had ended already, and then nothing changes. */
export async function finishRun(
  client: Client,
  runId: RunId,
  { state, outcome, reason, sentence }: RunEnd,
): Promise<boolean> {
  const ended = await client.query(
    `UPDATE runs SET state = $2, outcome = $3, reason = $4, sentence = $5, ended_at = now()
     WHERE id = $1 AND state IN ('queued', 'running') RETURNING id`,
    [runId, state, outcome, reason, storableText(sentence)],
  );
  return ended.length === 1;
}

export async function findRun(client: Client, runId: RunId): Promise<Run | undefined> {
  const [run] = await client.query<Run>(`SELECT ${COLUMNS} FROM runs WHERE id = $1`, [runId]);
  return run;
}

/** The newest runs first, of one series or of all. */
export function listRuns(
  client: Client,
  { symbol, limit }: { readonly symbol?: SeriesSymbol | undefined; readonly limit: number },
): Promise<Run[]> {
  return client.query<Run>(
    `SELECT ${COLUMNS} FROM runs WHERE $1::text IS NULL OR symbol = $1 ORDER BY id DESC LIMIT $2`,
    [symbol ?? null, limit],
  );
}
