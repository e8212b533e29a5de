import type { TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client, JsonObject } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';

/** Where one detector stood, and where it alarms. */
export interface DetectorReading {
  readonly detector: string;
  readonly statistic: number;
  readonly limit: number;
}

/** A drift check as it was made: enough to judge it again later. */
export interface DriftCheck {
  readonly id: string;
  readonly runId: RunId | null;
  readonly symbol: SeriesSymbol;
  /** Last day of the current window. */
  readonly day: TradingDay;
  /** Kolmogorov–Smirnov D, 0…1; `null` where none could be computed. */
  readonly statistic: number | null;
  readonly rawP: number | null;
  /** p that accounts for dependence: the one the verdict rests on. */
  readonly calibratedP: number | null;
  readonly threshold: number | null;
  readonly verdict: 'stable' | 'drifted' | 'undetermined';
  readonly cause: string | null;
  /** All that watch the data, Kolmogorov-Smirnov among them. */
  readonly detectors: readonly DetectorReading[];
  readonly report: JsonObject;
  readonly checkedAt: string;
}

export type NewDriftCheck = Omit<DriftCheck, 'id' | 'checkedAt' | 'report' | 'detectors'> & {
  /** Absent: none. */
  readonly detectors?: readonly DetectorReading[];
  readonly report: object;
};

const COLUMNS = `id, run_id AS "runId", symbol, day, statistic, raw_p AS "rawP", calibrated_p AS "calibratedP", threshold, verdict,
  cause, detectors, report, checked_at AS "checkedAt"`;

/** Records a check and answers its id. */
export async function appendCheck(client: Client, check: NewDriftCheck): Promise<string> {
  const { id } = oneRow(
    await client.query<{ id: string }>(
      `INSERT INTO drift_checks (run_id, symbol, day, statistic, raw_p, calibrated_p, threshold, verdict, cause, report, detectors)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
      [
        check.runId,
        check.symbol,
        check.day,
        check.statistic,
        check.rawP,
        check.calibratedP,
        check.threshold,
        check.verdict,
        check.cause,
        JSON.stringify(check.report),
        JSON.stringify(check.detectors ?? []),
      ],
    ),
  );
  return id;
}

/** The newest checks of a series first. */
export function listChecks(client: Client, symbol: SeriesSymbol, limit: number): Promise<DriftCheck[]> {
  return client.query<DriftCheck>(`SELECT ${COLUMNS} FROM drift_checks WHERE symbol = $1 ORDER BY id DESC LIMIT $2`, [
    symbol,
    limit,
  ]);
}
