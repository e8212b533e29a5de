import { paired } from '../paired.ts';
import type { TradingDay } from '../series/day.ts';

/** Losses of one forecaster, a value a held-out day, in units that make calm and wild days comparable. */
export interface DayLosses {
  /** Ascending, unique. */
  readonly days: readonly TradingDay[];
  readonly crps: readonly number[];
  readonly squaredError: readonly number[];
}

/** Champion's loss - arm's loss, a value a day on which both were held to an unseen close. */
export interface LossDifferences {
  readonly days: readonly TradingDay[];
  readonly crps: readonly number[];
  readonly squaredError: readonly number[];
}

export type ArmName = 'fine-tuned' | 'from-scratch';

/**
 * What earlier gates saw of the two kinds of challenger against the champion still in service. Plain JSON, stored beside the
 * champion; `{}` for a new one. Each entry is the test's own raw material, so the pooled test can be made again later.
 */
export type Evidence = { readonly [arm in ArmName]?: LossDifferences };

/** @throws RangeError when the two were not scored on the same days: that is a bug, not a bad model. */
export function lossDifferences(champion: DayLosses, arm: DayLosses): LossDifferences {
  if (champion.days.join() !== arm.days.join()) {
    throw new RangeError('champion and challenger must be scored on the same held-out days');
  }
  return {
    days: champion.days,
    crps: subtract(champion.crps, arm.crps),
    squaredError: subtract(champion.squaredError, arm.squaredError),
  };
}

function subtract(losses: readonly number[], others: readonly number[]): number[] {
  return paired(losses, others).map(([loss, other]) => loss - other);
}

/**
 * Earlier differences followed by new ones, the last `most` days of them. A day seen by both gates counts once, with the
 * newer challenger, so no close is evidence twice.
 */
export function poolDifferences(
  carried: LossDifferences | undefined,
  fresh: LossDifferences,
  most: number,
): LossDifferences {
  const first = fresh.days[0];
  if (carried === undefined || first === undefined) return fresh;
  const end = carried.days.findIndex((day) => day >= first);
  const kept = end === -1 ? carried.days.length : end;
  const join = <T>(before: readonly T[], after: readonly T[]): T[] => [...before.slice(0, kept), ...after].slice(-most);
  return {
    days: join(carried.days, fresh.days),
    crps: join(carried.crps, fresh.crps),
    squaredError: join(carried.squaredError, fresh.squaredError),
  };
}
