import {
  decide,
  type DecayFinding,
  type DecisionInput,
  type DriftFinding,
  type RetrainDecision,
  type WatchFinding,
} from '../decide/decision.ts';
import type { DecisionSettings } from '../decide/settings.ts';
import type { TradingDay } from '../series/day.ts';
import type { Tenure } from './tenure.ts';

export interface RetrainQuestion {
  /** The days of the series up to today, ascending. */
  readonly days: readonly TradingDay[];
  /** Null when there is no champion yet. */
  readonly tenure: Pick<Tenure, 'validatedTo'> | null;
  /** Null where the check was not made. */
  readonly drift: DriftFinding | null;
  readonly watch?: WatchFinding | null;
  readonly loss: DecayFinding | null;
  /** A person's reason for asking, or null. */
  readonly manual: string | null;
  /** A person's reason for keeping the champion whatever comes; absent: none. */
  readonly pinned?: string | undefined;
  /** The days on which challengers were judged, ascending: each is a retrain, whatever came of it. */
  readonly retrainDays: readonly TradingDay[];
  /** Those among them that answered an alarm, of the data or of the losses, ascending. */
  readonly alarmDays: readonly TradingDay[];
  readonly settings: DecisionSettings;
}

/** Whether to train today. */
export function decideRetrain(question: RetrainQuestion): RetrainDecision {
  return decide(countDays(question));
}

/** Counts the trading days that the rules of `decide` speak of: all that it is asked, as plain values. */
export function countDays(question: RetrainQuestion): DecisionInput {
  const { days, tenure, drift, watch = null, loss, manual, pinned, retrainDays, alarmDays, settings } = question;
  const since = (last: TradingDay | undefined): number | null =>
    last === undefined ? null : tradingDaysSince(days, last);
  return {
    champion: tenure === null ? null : { daysSinceValidation: tradingDaysSince(days, tenure.validatedTo) },
    drift,
    watch,
    decay: loss,
    manual,
    pinned,
    daysSinceRetrain: since(retrainDays.at(-1)),
    daysSinceAlarm: since(alarmDays.at(-1)),
    recentRetrains: retrainDays.filter((each) => tradingDaysSince(days, each) < settings.budgetDays).length,
    settings,
  };
}

/** Days of the series after `since`, which need not be one of them. */
export function tradingDaysSince(days: readonly TradingDay[], since: TradingDay): number {
  return days.length - 1 - days.findLastIndex((day) => day <= since);
}
