import { byYear } from '../evaluate/byYear.ts';
import { measureQuality } from '../forecast/quality.ts';
import type { DayScore } from '../forecast/score.ts';
import type { Policy } from './policy.ts';
import type { Replay } from './replay.ts';

/** What a policy cost and gained in a year, or over the whole replay (`year` = 'all'). */
export interface ReplayRow {
  readonly policy: Policy;
  readonly year: string;
  readonly days: number;
  /** Trainings after the first. */
  readonly retrains: number;
  readonly promotions: number;
  /** Training time on one thread, both arms. */
  readonly seconds: number;
  /** MSE of the change / naive's. */
  readonly mseRatio: number;
  /** CRPS / EWMA normal's. */
  readonly crpsRatio: number;
  /** CRPS / that of the policy `never` on the same days; null where it was not replayed. */
  readonly crpsToNever: number | null;
  readonly coverage: number;
}

/** A row a policy and year, and one over all; policies in the order given. */
export function summariseReplays(replays: readonly Replay[]): ReplayRow[] {
  const never = replays.find(({ policy }) => policy === 'never');
  return replays.flatMap((replay) => {
    const years = [...byYear(replay.scores)];
    return [['all', replay.scores] as const, ...years].map(([year, scores]) => rowOf(replay, year, scores, never));
  });
}

function rowOf(replay: Replay, year: string, scores: readonly DayScore[], never: Replay | undefined): ReplayRow {
  const { mseRatio, crpsRatio, coverage, crps } = measureQuality(scores);
  const inYear = ({ day }: { readonly day: string }): boolean => year === 'all' || day.startsWith(year);
  const baseline = never?.scores.filter(inYear) ?? [];
  const retrains = replay.retrains.filter(inYear).filter(({ reason }) => reason !== 'no-champion');
  return {
    policy: replay.policy,
    year,
    days: scores.length,
    retrains: retrains.length,
    promotions: retrains.filter(({ verdict }) => verdict.kind === 'promote').length,
    seconds: retrains.reduce((sum, { seconds }) => sum + seconds, 0),
    mseRatio,
    crpsRatio,
    crpsToNever: baseline.length === scores.length && baseline.length > 0 ? crps / measureQuality(baseline).crps : null,
    coverage,
  };
}

/** The rows as CSV, with a header; numbers unrounded. */
export function replayCsv(rows: readonly ReplayRow[]): string {
  const columns = [
    'policy',
    'year',
    'days',
    'retrains',
    'promotions',
    'seconds',
    'mseRatio',
    'crpsRatio',
    'crpsToNever',
    'coverage',
  ] as const;
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
